"""For every route: whether opening it is a look at people's records, and why, or why not.

A route that is missing fails the suite (tests/hesley_hub/looking), and is kept meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from homes.looking.models import Look

What = Look.What
Method = Look.Method


@dataclass(frozen=True)
class Kept:
    """Opening the route is a look. waits: without its row the page is not shown.

    budgeted: it waits, too, where the person has been shown more in an hour than work needs.
    """

    what: str
    purpose: str
    method: str = Method.VIEW.value
    waits: bool = True
    budgeted: bool = True


@dataclass(frozen=True)
class NotKept:
    """Opening the route is no look, for this reason."""

    because: str


def _list(what: Look.What, purpose: str) -> Kept:
    return Kept(what.value, purpose, Method.LIST.value)


def _view(what: Look.What, purpose: str) -> Kept:
    return Kept(what.value, purpose)


def _pdf(what: Look.What, purpose: str) -> Kept:
    return Kept(what.value, purpose, Method.PDF.value)


def _export(what: Look.What, purpose: str) -> Kept:
    return Kept(what.value, purpose, Method.EXPORT.value)


def _api(what: Look.What, purpose: str) -> Kept:
    return Kept(what.value, purpose, Method.API.value)


def _recording(what: Look.What, purpose: str) -> Kept:
    """Recording what happened never waits for the record of looking."""
    return Kept(what.value, purpose, waits=False, budgeted=False)


def _always(what: Look.What, purpose: str, method: Look.Method = Method.VIEW) -> Kept:
    """Answering an alert and writing a report wait for nobody's budget."""
    return Kept(what.value, purpose, method.value, budgeted=False)


NO_PERSON = NotKept("names no child and no adult of concern")
COUNTS = NotKept("homes with levels and counts; no person's record")
ANSWER = NotKept("answers a POST only; what it shows again is kept by what the view says")
OWN_ACCOUNT = NotKept("the person's own account")
OUTSIDE = NotKept("open to anybody, or a demonstration's own page")

ROUTES: Mapping[str, Kept | NotKept] = {
    # the hub itself
    "hesley_hub.health.live": OUTSIDE,
    "hesley_hub.health.ready": OUTSIDE,
    "demo-people": OUTSIDE,
    "demo-mails": OUTSIDE,
    "demo-mail": OUTSIDE,
    "answer-by-link": OUTSIDE,
    "first-sign-in": OWN_ACCOUNT,
    "account_login": OWN_ACCOUNT,
    "account_logout": OWN_ACCOUNT,
    "start": NotKept("what is owed and where to go, by home and reference; no person's record"),
    "invited": OWN_ACCOUNT,
    **{
        f"account_{name}": OWN_ACCOUNT
        for name in ("inactive", "change_password", "set_password", "reauthenticate")
    },
    **{
        f"mfa_{name}": OWN_ACCOUNT
        for name in (
            *("authenticate", "login_webauthn", "index", "reauthenticate", "reauthenticate_webauthn"),
            *("activate_totp", "deactivate_totp", "list_webauthn", "add_webauthn", "remove_webauthn"),
            *("edit_webauthn", "view_recovery_codes", "generate_recovery_codes", "download_recovery_codes"),
        )
    },
    "people": NO_PERSON,
    "people-new": NO_PERSON,
    "people-stale": NO_PERSON,
    "people-post": NO_PERSON,
    "people-post-change": ANSWER,
    "own-organisation": NO_PERSON,
    "organisation": NO_PERSON,
    "mailbox-decide": ANSWER,
    "broken-glass": NO_PERSON,
    "break-glass": NO_PERSON,
    "operator-alarms": NO_PERSON,
    "operator-alarm-clear": NO_PERSON,
    "homes-import": NO_PERSON,
    # records
    "record:record": _view(What.RECORD, "to read one record"),
    "record:records": _list(What.RECORD, "to find records of a home"),
    "record:share": _view(What.RECORD, "to share a record with the provider"),
    "record:told": _recording(What.RECORD, "to say when somebody was told"),
    "lado:outcome": _view(What.RECORD, "to decide the outcome of a referral"),
    "lado:send-outcome": ANSWER,
    "incident-pdf": _pdf(What.RECORD, "to print one record"),
    "matters": _list(What.RECORD, "to compare outside records with the home's notices"),
    "matter-decide": _view(What.RECORD, "to decide whether two records are about one matter"),
    # recording
    "recording:choose": NotKept("the person's own drafts, without a name"),
    "recording:start": NO_PERSON,
    "recording:danger": NO_PERSON,
    "recording:step": _recording(What.CHILD, "to record what happened"),
    "recording:check": _recording(What.RECORD, "to check a record before it is sent"),
    "recording:save": ANSWER,
    "recording:done": _recording(What.RECORD, "to see who must be told of a new record"),
    # homes
    "home": _view(What.HOME, "to see how a home stands"),
    "own-provider": COUNTS,
    "provider": COUNTS,
    "authority": _list(What.CHILD, "to see how the authority's children are"),
    "area": _list(What.ADULT, "to oversee the homes of an area"),
    "nation": COUNTS,
    "nation-children": COUNTS,
    "nation-children-csv": _export(What.HOME, "to take counts of children by area away"),
    "nation-children-pdf": COUNTS,
    "nation-csv": _export(What.HOME, "to take the national list away"),
    # alerts
    "alerts": COUNTS,
    "response": COUNTS,
    "alert": _always(What.ALERT, "to read an alert and what it rests on"),
    "alert-acknowledge": ANSWER,
    "alert-not-me": NO_PERSON,
    **{f"alert-{what}": NO_PERSON for what in ("decide", "outcome", "provider", "reply", "close")},
    "alert-pdf": _pdf(What.ALERT, "to print an alert and what it rests on"),
    # children and what they said
    "home-children": _list(What.CHILD, "to see when each child was last heard"),
    "child": _view(What.CHILD, "to hear a child, or read what they said"),
    "child-hear": _recording(What.CHILD, "to hear a child"),
    "child-consents": _view(What.CHILD, "to see or record who may read a child's case record"),
    "child-say": _recording(What.CHILD, "to record what a child says"),
    "view": _view(What.VIEW, "to read what a child said and what was done"),
    "view-done": ANSWER,
    "view-told": ANSWER,
    "view-share": ANSWER,
    # visits
    "visits": NotKept("homes, months and days of visits; no report"),
    "home-visits": _list(What.VISIT, "to see a home's visits and recommendations"),
    "visit-new": NO_PERSON,
    "visit-save-home-part": ANSWER,
    "visit-briefing": _view(What.VISIT, "to prepare a visit"),
    "concern-raise": _recording(What.VISIT, "to raise a significant concern"),
    "concern": _view(What.VISIT, "to read a significant concern"),
    "visit": _view(What.VISIT, "to read or write the report of a visit"),
    "visit-read": _view(What.VISIT, "to read what changed since the last visit"),
    "visit-check": _always(What.VISIT, "to check the report of a visit"),
    "visit-part": _always(What.VISIT, "to write the report of a visit"),
    "visit-part-save": ANSWER,
    "visit-pdf": _pdf(What.VISIT, "to print the report of a visit"),
    # who looked
    "child-looks": _view(What.LOOKS, "to see who has seen a child"),
    "person-looks": _view(What.LOOKS, "to see what a person has seen"),
    "own-looks": _list(What.LOOKS, "to see what an organisation's people have seen"),
    "own-looks-csv": _export(What.LOOKS, "to take away what an organisation's people have seen"),
    # the API
    "api-schema": NO_PERSON,
    "api-homes": COUNTS,
    "api-home": COUNTS,
    "api-timeline": _api(What.HOME, "to read a home's timeline"),
    "api-assessment": _api(What.HOME, "to read how a home stands"),
    "api-alerts": COUNTS,
    "api-children-by-area": COUNTS,
    "api-alert": _always(What.ALERT, "to read an alert", Method.API),
    "api-acknowledge": ANSWER,
    "api-decide": ANSWER,
    "api-close": ANSWER,
    "api-visits-list": _api(What.VISIT, "to read visits"),
    "api-visits-detail": _api(What.VISIT, "to read the report of a visit"),
    **{
        f"api-{resource}-{kind}": _api(What.RECORD, f"to read {words}")
        for resource in (
            "incidents",
            "reg40-notifications",
            "lado-referrals",
            "complaints",
            "hospital-referrals",
            "visits",
        )
        for kind, words in (("list", "records"), ("detail", "one record"))
    },
}
#: What is kept of a route that nobody has entered yet.
UNKNOWN = Kept(What.RECORD.value, "a page not yet in the list of pages")


def rule_of(route: str) -> Kept | NotKept:
    return ROUTES.get(route, UNKNOWN)
