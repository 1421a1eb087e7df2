"""What simulated records say. Plain sentences of our own; [A] stands for the child. No real event is described."""

from hesley_hub.demo.draws import pick
from oversight.risk.engine import Record

NARRATIVES: dict[str, tuple[str, ...]] = {
    "reg40": (
        "[A] left the home at 21:10 without saying where and was found by police at the bus station at 23:40.",
        "[A] was hit by another child in the lounge. Staff parted them. A bruise on the left arm was seen and drawn.",
        "[A] was held by two members of staff for four minutes after trying to leave through the window.",
        "Medicine for the evening was given twice to [A]. The out-of-hours doctor was rung and advised to watch.",
        "[A] told the night worker of being sent messages by an adult whom nobody here knows.",
        "[A] broke a window and cut a hand. First aid here, then the minor injuries unit.",
    ),
    "lado": (
        "[A] says that a member of staff pulled an arm hard at bedtime and shouted.",
        "Two colleagues report that a worker called [A] names in front of other children.",
        "A worker is said to have held [A] on the floor longer than the plan allows.",
        "A worker is said to have sent [A] private messages after a shift.",
    ),
    "whistleblowing": (
        "A caller says that nights are run by agency workers who have not met the children.",
        "A letter says that records of restraint are written together, days later.",
        "A caller says that children are sent to their rooms without supper when staff are short.",
    ),
    "complaint": (
        "[A] was not able to ring home on the agreed evenings for three weeks.",
        "The placing authority was not told of two incidents until the review.",
        "The room was cold for a week and nobody came to repair the heating.",
        "Belongings of [A] were packed in bin bags for the visit home.",
    ),
    "hospital": (
        "Seen in the emergency department with a swollen wrist. The explanation given was a fall from a bed.",
        "Brought by ambulance after a seizure that lasted longer than usual. Medicine had been missed.",
        "A cut above the eye, glued. The worker who came along had not been on shift.",
        "Abdominal pain, kept overnight, discharged with advice.",
    ),
}
OPINIONS = {
    "yes": "I spoke to children and staff alone, read the records of restraint, and saw nothing that speaks against it.",
    "partly": "Records of two incidents were missing and two children said that they are not listened to at night.",
    "no": "Children told me that they are afraid, and what I read bears them out.",
}
WELL_BEING = {
    "yes": "Children spoke of plans that came true: a trip, a course, a weekend at home.",
    "partly": "Two children have had no education for three weeks; the home is pressing for it.",
    "no": "Children spend most days indoors without education or company of their own age.",
}
RECOMMENDATIONS = (
    "Record each restraint on the day on which it happens, with the child's own account.",
    "Name a worker at night whom each child knows.",
    "Show the children what was done about what they said.",
    "Repair the heating on the upper floor.",
    "Bring the training in communication up to date for all staff.",
)
CHILDREN_SAY: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("speech", "I like Dee. Dee knocks. The other one doesn't knock.", (), "staff"),
    ("talking_mats", "When is mum's day. It was Saturday.", (), "family"),
    ("symbols", "", ("night", "staff", "scared"), "night"),
    ("speech", "Nobody asked me about the new school.", (), "school"),
    ("signing", "More swimming. Not the bus.", (), "going out"),
    ("speech", "It is loud after ten. I put my pillow on my head.", (), "night"),
    ("pecs", "", ("food", "happy"), "food"),
    ("speech", "I want my own towel.", (), "things"),
    ("voice_aid", "Can I ring Nan on Sunday as well.", (), "family"),
    ("speech", "I told Sam and Sam wrote it down.", (), "staff"),
)
WHAT_WAS_DONE: tuple[tuple[str, bool], ...] = (
    ("A sign for the door was agreed with the child and hangs there.", True),
    ("Contact moved to Saturday mornings; the authority agreed.", True),
    ("Talked about at the team meeting. No other bus is to be had.", False),
    ("Quiet hours from ten, on the wall, agreed with the children.", True),
)
ANSWERS = (
    "Read. I have rung the registered manager and will visit this week.",
    "Read. We are checking on our children there today.",
    "Read. On the agenda of the next strategy meeting.",
    "Read. The allocated social workers are asked to see their children alone.",
)

#: What is done, who sees to it, and what came of it: a value of Outcome.Result, and how it is known.
DECISIONS: tuple[tuple[str, str, str, str], ...] = (
    ("See each of our children there alone, without notice", "A. Marsh, team manager", "better",
     "Each child was seen twice. Two said that nights are quieter."),
    ("A joint visit with the host authority", "R. Fenn, commissioning manager", "partly",
     "The rota was changed. Records of restraint are still signed late."),
    ("Ask the home for its plan for staff at night, in writing", "J. Ashby, quality officer", "same",
     "The plan came. Nothing in what children say has changed."),
    ("A strategy meeting, with the police", "M. Oyelaran, service manager", "better",
     "Agreed: no child is alone with agency staff. None has been since."),
)  # fmt: skip
REASONS = (
    "What stands behind the alert cannot be explained by one child.",
    "Two of our children live there, and both spoke of the same thing.",
    "The same was seen at the last visit.",
)
NO_ACTION = "It rests on records of a child who has moved, and nothing has been recorded since."


def narrative(record: Record) -> str:
    """What the record says."""
    return pick(NARRATIVES[record.stream], record.reference)
