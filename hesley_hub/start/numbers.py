"""Numbers that anybody may ring, shown before sign-in. Each was published by the body it belongs to."""

NATIONAL = (
    {"who": "Police, ambulance: a child in danger now", "number": "999", "when": "day and night"},
    {"who": "Childline, for children", "number": "0800 1111", "when": "day and night"},
    {"who": "NSPCC, for adults worried about a child", "number": "0808 800 5000", "when": ""},
    {"who": "NSPCC whistleblowing advice line", "number": "0800 028 0285", "when": ""},
    {"who": "Ofsted", "number": "0300 123 1231", "when": "working hours"},
)
