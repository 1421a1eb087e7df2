"""Colours and face of the drawings; the same values stand in static/scss/_tokens.scss."""

INK = "#12262B"
INK_2 = "#46585D"
LINE = "#C9C4B7"
PAPER = "#FFFFFF"
LINEN = "#F7F5F0"
BAND = "#E1EEEF"
PETROL = "#0C4A55"
PLUM = "#6A2C70"
USUAL = "#2D5D58"
LOOK = "#6E4A00"
LOOK_TINT = "#FCEFC7"
ESCALATE = "#B04A00"
ESCALATE_TINT = "#FBE3D2"
URGENT = "#6B0A22"
URGENT_TINT = "#F6DDE2"
FACE = "Atkinson Hyperlegible Next, Arial, sans-serif"

LEVEL_COLOUR = {"usual": USUAL, "look": LOOK, "escalate": ESCALATE, "urgent": URGENT, "quiet": INK_2}
LEVEL_TINT = {
    "usual": PAPER,
    "look": LOOK_TINT,
    "escalate": ESCALATE_TINT,
    "urgent": URGENT_TINT,
    "quiet": LINEN,
}
LEVEL_WORD = {
    "usual": "Usual",
    "look": "Look",
    "escalate": "Escalate",
    "urgent": "Urgent",
    "quiet": "Quiet",
}
