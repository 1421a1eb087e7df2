"""Who reads which row of the world laid out (tests.access.laid_out), and who may change it: said row by row, in names.

Nothing here follows from the product's code. A row that is not listed is read by nobody.
"""

from collections.abc import Mapping

from tests.access.laid_out import ALERTS, RECORDS, UNMEASURED, Ground

Rows = Mapping[str, str]
ELM = "asha ben dan mo nia jon fran gita hal ines kim lee efe ola pat rut"
OAK = "cerys mo nia jon fran gita ines kim lee vic"
OVERSEEN = "mo nia jon fran gita hal"

RECORD: Rows = {
    "elm own": "asha ben dan mo nia efe fran hal gita",
    "elm lou": "asha ben dan mo nia efe",
    "elm lado": "mo nia efe ines fran hal",
    "elm own lado": "asha dan mo nia efe ines fran hal",
    "elm own found": "asha dan mo nia efe ines",
    "elm complaint": "asha dan mo nia efe fran hal",
    "about nia": "asha ben dan mo efe",
    "elm whistle": "mo nia",
    "elm hospital": "asha ben dan mo nia efe lee gita kim",
    "elm for hospital": "mo nia efe lee",
    "elm reg40 ben": "asha dan mo nia efe ines",
    "elm hospital ben": "asha dan mo nia efe ines",
    "whistle nia": "mo",
    "lado ines": "mo nia efe jon",
    "yew hospital": "mo nia",
    "oak own": "cerys mo nia vic fran",
    "oak hospital": "mo nia vic lee",
}
ALERT: Rows = {
    "elm": "asha ben dan",
    "elm skips": "",
    "elm overseers": OVERSEEN,
    "elm told": f"{OVERSEEN} ines kim",
    "oak": "cerys",
    "oak overseers": "mo nia jon fran gita",
    "larch": "cerys",
    "alder overseers": OVERSEEN,
    "yew kept": "mo nia gita",
}
VIEW: Rows = {
    "home's": "asha ben dan mo nia efe fran hal ola",
    "advocate's": "mo nia efe fran hal ola",
    "mother's": "mo nia efe fran hal ola pat",
    "shared": "asha ben dan mo nia gita",
    "oak's": "cerys mo nia fran",
    "yew's": "mo nia fran lee",
}
VISIT: Rows = {
    "elm": "asha ben dan mo nia jon fran gita hal efe rut",
    "elm former": "asha ben dan mo nia jon fran gita hal efe rut",
    "elm unreported": "asha ben dan mo nia jon fran gita hal efe rut",
    "oak": "cerys mo nia jon fran gita vic",
}
REPORT: Rows = {"elm": "asha ben dan mo nia jon fran gita hal efe", "oak": "cerys mo nia jon fran gita vic"}
CHILD: dict[str, str] = {
    "rowan": "asha ben dan mo nia efe fran hal ola pat",
    "sky": "asha ben dan mo nia efe gita",
    "tam": "cerys mo nia vic fran",
}
POST: Rows = {
    "asha": f"{ELM} quin",
    "ben": f"{ELM} quin",
    "lou": f"{ELM} quin lou",
    "efe before": f"{ELM} quin",
    "ola before": f"{OAK} quin ola",
    "dan": "asha ben dan quin",
    "cerys": f"{OAK} quin",
    "fran": "fran hal quin",
    "hal": "fran hal quin",
    "gita": "gita quin",
    "ines": "ines jon quin",
    "jon": "ines jon quin",
    "kim": "kim quin",
    "lee": "lee quin",
    "mo": "mo quin",
    "nia": "nia quin",
    "efe": "efe rut vic quin",
    "rut": "efe rut vic quin",
    "vic": "vic efe rut quin",
    "ola": "ola quin",
    "pat": "pat quin",
    "quin": "quin",
    "uma": "uma val quin",
    "val": "mo nia uma val quin",
}
DRAFT: Rows = {"asha": "asha", "lou": "lou", "cerys": "cerys"}


def _of(streams: str) -> Rows:
    """The rows that only records of these streams have."""
    return {name: RECORD[name] for name, record in RECORDS.items() if record[1] in streams.split()}


READERS: dict[str, Rows] = {
    "homes_child": CHILD | {"sky": f"{CHILD['sky']} kim"},
    "homes_caseconsent": {"rowan child": CHILD["rowan"], "rowan authority": CHILD["rowan"]},
    "homes_responsibleboard": {"sky": f"{CHILD['sky']} kim", "tam": CHILD["tam"]},
    "homes_placement": CHILD,
    "homes_employment": {"wes": "asha ben dan mo nia ines", "olga": "cerys mo nia ines"},
    "homes_adult": {
        "wes": "asha ben dan mo nia ines",
        "olga": "cerys mo nia ines",
        "ben": "asha dan mo nia efe ines fran hal",
        "nia": "mo",
        "ines": "mo nia efe jon",
    },
    "homes_post": POST,
    "homes_appointment": {"efe": ELM, "vic": OAK},
    "homes_childrelation": dict.fromkeys(("hal", "ola", "pat"), "fran hal ola pat"),
    "homes_homegrant": {"gita": "gita quin mo nia"},
    "homes_invitation": {"ben": "dan quin", "cerys": "quin"},
    "homes_mailboxchange": {"alder": "asha dan quin", "larch": "cerys quin"},
    "homes_look": {"ben": "ben asha dan fran hal", "mo": "mo", "jon": "jon ines gita", "cerys": "cerys fran"},
    "incidents_incident": RECORD,
    "incidents_incidenttheme": RECORD,
    "incidents_duty": RECORD,
    "incidents_reg40details": _of("reg40"),
    "incidents_ladodetails": _of("lado"),
    "incidents_ladooutcome": {"elm own found": "mo nia efe ines"},
    "incidents_whistleblowingdetails": _of("whistleblowing"),
    "incidents_complaintdetails": _of("complaint"),
    "incidents_hospitaldetails": _of("hospital"),
    "incidents_adultinvolvement": {name: RECORD[name] for name, record in RECORDS.items() if record[5]},
    "incidents_involvement": {
        "elm own rowan": "asha ben dan mo nia efe fran hal",
        "elm own sky": "asha ben dan mo nia efe gita",
        "elm lado rowan": "mo nia efe ines fran hal",
        "elm own lado rowan": "asha dan mo nia efe ines fran hal",
        "elm complaint rowan": "asha dan mo nia efe fran hal",
        "elm hospital sky": "asha ben dan mo nia efe lee gita kim",
        "oak own tam": "cerys mo nia vic fran",
    },
    "incidents_reply": {"to asha": "asha mo", "to lee": "asha lee", "to lou": "mo"},
    "incidents_draft": DRAFT,
    "incidents_submission": DRAFT,
    "voice_view": VIEW,
    "voice_done": VIEW,
    "oversight_visit": VISIT,
    "oversight_visitreport": REPORT,
    "oversight_recommendation": REPORT,
    "oversight_significantconcern": {
        "elm": "mo nia jon fran gita hal efe",
        "oak": "mo nia jon fran gita vic",
    },
    "oversight_visitdraft": {"elm": "efe", "oak": "vic"},
    "oversight_alert": ALERT,
    **dict.fromkeys(
        (
            "oversight_escalation",
            "oversight_delivery",
            "oversight_attempt",
            "oversight_seen",
            "oversight_acknowledgement",
            "oversight_linkanswer",
            "oversight_decision",
            "oversight_closing",
        ),
        ALERT,
    ),
    "oversight_step": {**ALERT, "oak overseers calderbrook": ALERT["oak overseers"]},
    "oversight_outcome": {name: readers for name, readers in ALERT.items() if name != UNMEASURED},
    "oversight_providertold": {
        name: readers for name, readers in ALERT.items() if ALERTS[name][0] == "overseers"
    },
    "oversight_branch": {
        f"{name} {organisation}": ALERT[name]
        for name, alert in ALERTS.items()
        for organisation in (*alert[4], "ofsted")
    },
    "oversight_operatoralarm": {"stuck": "quin"},
    "oversight_assessment": {
        "elm provider": "asha ben dan",
        "provider of elm provider": "asha ben dan",
        "elm overseers": OVERSEEN,
        "provider of elm overseers": OVERSEEN,
        "oak provider": "cerys",
        "provider of oak provider": "cerys",
        "oak overseers": "mo nia jon fran gita",
        "provider of oak overseers": "mo nia jon fran gita",
    },
    "oversight_calibration": {"first": OVERSEEN},
    "oversight_homemonth": {
        "elm provider reg40": "asha ben dan",
        "elm overseers reg40": f"{OVERSEEN} kim",
        "elm overseers whistleblowing": "mo nia",
        "oak provider reg40": "cerys",
        "oak overseers reg40": "mo nia jon fran gita kim",
    },
    "oversight_matter": {"elm": OVERSEEN, "about nia": OVERSEEN, "oak": "mo nia jon fran gita"},
    "oversight_matterlink": {"elm": "mo nia", "about nia": "mo", "oak": "mo nia"},
}
#: Rows that were kept from the provider's people when they were made: these read the row, and not its first history.
SHARED_LATER = ("elm hospital", "elm hospital sky", "shared")
PROVIDERS = ("asha", "ben", "dan", "cerys")
#: They read it through the child or as its author and stand nowhere at its home: nor do these read its first history.
NOWHERE = {"yew's": ("fran", "lee")}
#: Tables with a history, which is read with the row; of a report only by those who read the whole of it.
TRACKED = (
    "homes_placement", "homes_caseconsent", "homes_responsibleboard", "homes_post", "homes_appointment", "homes_childrelation", "homes_homegrant",
    "incidents_incident", "incidents_involvement", "incidents_adultinvolvement", "incidents_duty",
    "incidents_reg40details", "incidents_ladodetails", "incidents_ladooutcome", "incidents_whistleblowingdetails",
    "incidents_complaintdetails", "incidents_hospitaldetails", "voice_view", "voice_done", "oversight_alert",
    "oversight_visit", "oversight_visitreport", "oversight_recommendation", "oversight_significantconcern",
)  # fmt: skip
WHOLE_REPORT: Rows = {"elm": "mo nia efe", "oak": "mo nia vic"}


def may_read(who: str, table: str, row: str) -> bool:
    if table in ("homes_accesshome", "homes_accesschild"):
        return row.split()[0] == who
    return who in READERS[table].get(row, "").split()


def may_read_history(who: str, table: str, row: str) -> bool:
    if table == "oversight_visitreport":
        return who in WHOLE_REPORT[row].split()
    kept = PROVIDERS if row in SHARED_LATER else NOWHERE.get(row, ())
    later = table.startswith(("incidents_", "voice_view"))
    return may_read(who, table, row) and not (later and who in kept)


NOW = "current_setting('app.now')::timestamptz"
VIEWER = "nullif(current_setting('app.viewer'), '')::uuid"
#: A change that reads no column -> the rows that each person may change so, where it is not whoever reads them.
CHANGES: dict[str, tuple[str, Rows | None]] = {
    "incidents_incident": ("notified_at = null", None),
    "incidents_duty": ("reason_late = ''", None),
    "incidents_reg40details": ("ofsted_form_reference = ''", None),
    "incidents_ladooutcome": ("sent_home_at = null", {"elm own found": "ines"}),
    "incidents_draft": ("answers = '{}'", {"asha": "asha", "cerys": "cerys"}),
    "voice_view": ("shared_with_provider_why = ''", None),
    "voice_done": ("child_told_how = ''", None),
    "oversight_alert": ("state = 'open'", None),
    "oversight_branch": (
        "state = 'waiting'",
        {
            "elm alder": "asha ben dan",
            "elm overseers calderbrook": "jon",
            "elm overseers northmoor": "fran hal",
            "elm overseers ofsted": "mo",
            "elm told calderbrook": "jon ines",
            "elm told icb": "kim",
            "elm told ofsted": "mo",
            "oak larch": "cerys",
            "oak overseers calderbrook": "jon mo",  # at the end of whose ladder the regulator was told
            "oak overseers ofsted": "mo",
            "larch larch": "cerys",
            "alder overseers ofsted": "mo",
            "yew kept eastvale": "gita",
            "yew kept ofsted": "mo",
        },
    ),
    "oversight_operatoralarm": (f"cleared_at = {NOW}, cleared_by_id = {VIEWER}", None),
    "oversight_matterlink": ("reason = ''", None),
    "oversight_recommendation": ("answer = ''", {"elm": "efe", "oak": "vic"}),
    "oversight_visitdraft": ("answers = '{}'", None),
    "homes_caseconsent": (
        f"withdrawn_at = {NOW}, withdrawn_by_id = {VIEWER}",
        {"rowan child": "hal ola asha ben dan", "rowan authority": "hal fran"},
    ),
    "homes_responsibleboard": (f"ends_at = {NOW}", {"sky": "gita", "tam": "fran"}),
    "homes_home": ("town = ''", dict.fromkeys(("elm", "oak", "yew"), "quin")),
    "homes_post": (
        "reviewed_at = null",
        {name: "quin" for name in POST if name not in ("lou", "efe before", "ola before")}
        | {"asha": "dan quin", "ben": "dan quin", "val": "uma quin"},
    ),
}


def may_change(who: str, table: str, row: str) -> bool:
    rows = CHANGES[table][1]
    return may_read(who, table, row) if rows is None else who in rows.get(row, "").split()


def readable(ground: Ground, who: str, table: str) -> set[str]:
    """Keys of the rows that somebody reads."""
    return {str(key) for row, key in ground.rows[table].items() if may_read(who, table, row)}
