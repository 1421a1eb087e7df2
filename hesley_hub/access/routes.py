"""For every route: which thing it is about and what somebody does with it there.

A route that is missing fails the suite (tests/access). GET and POST may be different actions on the same thing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Thing(StrEnum):
    """What an address is about; the parameter in the address is its key."""

    HUB = "the hub itself"
    ACCOUNT = "the person's own account"
    OWN_PAGES = "pages made of what the person may open"
    HOMES_LIST = "the list of homes"
    ALARMS = "alarms about the hub"
    HOME = "a home"
    RECORDS = "a home's records"
    CHILDREN = "a home's children"
    VISITS = "a home's visits"
    MATTERS = "a home's matters"
    MATTER = "a matter"
    PROVIDER = "a provider's homes"
    AUTHORITY = "an authority's children"
    AREA = "the homes of an area"
    NATION = "the homes of the nation"
    RECORD = "a record"
    DUTY = "a duty to tell"
    DRAFT = "a draft"
    STREAM = "a stream to record in"
    ALERT = "an alert"
    CHILD = "a child"
    CASE = "a child's case record"
    VIEW = "what a child said"
    VISIT = "a visit"
    REPORT = "the report of a visit"
    CONCERN = "a significant concern"
    LOOKS_AT_CHILD = "who has seen a child"
    LOOKS_OF_PERSON = "what a person has seen"
    LOOKS = "what the person's people have seen"
    PEOPLE = "people and the posts they hold"
    DESKS = "an organisation's duty desks"
    GLASS = "a home opened in an emergency"


class Action(StrEnum):
    OPEN = "open"
    PRINT = "print"
    TAKE_AWAY = "take away"
    WRITE = "write"
    RECORD = "record"
    TELL = "say who was told"
    SHARE = "share with the provider"
    DECIDE = "decide"
    ANSWER = "answer"
    NONE = "-"


@dataclass(frozen=True)
class Route:
    """get and post are what somebody does there with each method; NONE: the method is refused (405 or 404)."""

    thing: Thing
    get: Action = Action.OPEN
    post: Action = Action.NONE


_OPEN_HUB = Route(Thing.HUB)
_RECORD = Route(Thing.RECORD)
_STREAMS = ("reg40-notifications", "lado-referrals", "complaints", "hospital-referrals")
#: Signing in with a second factor, and the person's own factors and password.
_FACTORS = (
    "account_change_password",
    "account_reauthenticate",
    "account_set_password",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
)

ROUTES: Mapping[str, Route] = {
    "hesley_hub.health.live": _OPEN_HUB,
    "hesley_hub.health.ready": _OPEN_HUB,
    "demo-people": _OPEN_HUB,
    "demo-mails": _OPEN_HUB,
    "demo-mail": _OPEN_HUB,
    "first-sign-in": Route(Thing.ACCOUNT, post=Action.WRITE),
    "account_login": Route(Thing.ACCOUNT, post=Action.WRITE),
    "account_logout": Route(Thing.ACCOUNT, post=Action.WRITE),
    "start": Route(Thing.OWN_PAGES),
    "answer-by-link": Route(Thing.HUB, post=Action.ANSWER),
    "invited": Route(Thing.ACCOUNT, post=Action.WRITE),
    "account_inactive": Route(Thing.ACCOUNT),
    **{name: Route(Thing.ACCOUNT, post=Action.WRITE) for name in _FACTORS},
    "homes-import": Route(Thing.HOMES_LIST, Action.WRITE, Action.WRITE),
    "operator-alarms": Route(Thing.ALARMS),
    "operator-alarm-clear": Route(Thing.ALARMS, Action.NONE, Action.DECIDE),
    # people, desks and emergencies
    "people": Route(Thing.PEOPLE),
    "people-new": Route(Thing.PEOPLE, Action.WRITE, Action.WRITE),
    "people-stale": Route(Thing.PEOPLE),
    "people-post": Route(Thing.PEOPLE),
    "people-post-change": Route(Thing.PEOPLE, Action.NONE, Action.WRITE),
    "own-organisation": Route(Thing.DESKS),
    "organisation": Route(Thing.DESKS, post=Action.WRITE),
    "mailbox-decide": Route(Thing.DESKS, Action.NONE, Action.DECIDE),
    "broken-glass": Route(Thing.GLASS),
    "break-glass": Route(Thing.GLASS, Action.WRITE, Action.WRITE),
    # records
    "record:record": _RECORD,
    "record:records": Route(Thing.RECORDS),
    "record:share": Route(Thing.RECORD, Action.SHARE, Action.SHARE),
    "record:told": Route(Thing.DUTY, Action.TELL, Action.TELL),
    "lado:outcome": Route(Thing.RECORD, Action.DECIDE, Action.DECIDE),
    "lado:send-outcome": Route(Thing.RECORD, Action.NONE, Action.DECIDE),
    "incident-pdf": Route(Thing.RECORD, Action.PRINT),
    # recording
    "recording:choose": Route(Thing.OWN_PAGES),
    "recording:start": Route(Thing.STREAM, Action.RECORD, Action.RECORD),
    "recording:danger": Route(Thing.DRAFT),
    "recording:step": Route(Thing.DRAFT, Action.OPEN, Action.WRITE),
    "recording:save": Route(Thing.DRAFT, Action.NONE, Action.WRITE),
    "recording:check": Route(Thing.DRAFT, Action.OPEN, Action.WRITE),
    "recording:done": Route(Thing.DRAFT),
    # homes
    "home": Route(Thing.HOME),
    "own-provider": Route(Thing.PROVIDER),
    "provider": Route(Thing.PROVIDER),
    "authority": Route(Thing.AUTHORITY),
    "area": Route(Thing.AREA),
    "nation": Route(Thing.NATION),
    "nation-csv": Route(Thing.NATION, Action.TAKE_AWAY),
    "nation-children": Route(Thing.NATION),
    "nation-children-csv": Route(Thing.NATION, Action.TAKE_AWAY),
    "nation-children-pdf": Route(Thing.NATION, Action.PRINT),
    "matters": Route(Thing.MATTERS),
    "matter-decide": Route(Thing.MATTER, Action.DECIDE, Action.DECIDE),
    # alerts
    "alerts": Route(Thing.OWN_PAGES),
    "response": Route(Thing.OWN_PAGES),
    "alert": Route(Thing.ALERT),
    "alert-pdf": Route(Thing.ALERT, Action.PRINT),
    "alert-acknowledge": Route(Thing.ALERT, Action.NONE, Action.ANSWER),
    "alert-not-me": Route(Thing.ALERT, Action.OPEN, Action.ANSWER),
    "alert-decide": Route(Thing.ALERT, Action.OPEN, Action.ANSWER),
    "alert-outcome": Route(Thing.ALERT, Action.OPEN, Action.ANSWER),
    "alert-provider": Route(Thing.ALERT, Action.OPEN, Action.ANSWER),
    "alert-reply": Route(Thing.ALERT, Action.OPEN, Action.ANSWER),
    "alert-close": Route(Thing.ALERT, Action.OPEN, Action.ANSWER),
    # children and what they say
    "home-children": Route(Thing.CHILDREN),
    "child": Route(Thing.CASE, Action.OPEN, Action.OPEN),
    "child-hear": Route(Thing.CHILD, Action.RECORD, Action.RECORD),
    "child-consents": Route(Thing.CHILD, Action.OPEN, Action.WRITE),
    "child-say": Route(Thing.CHILD, Action.RECORD, Action.RECORD),
    "view": Route(Thing.VIEW),
    "view-done": Route(Thing.VIEW, Action.NONE, Action.ANSWER),
    "view-told": Route(Thing.VIEW, Action.NONE, Action.ANSWER),
    "view-share": Route(Thing.VIEW, Action.NONE, Action.SHARE),
    # visits
    "visits": Route(Thing.OWN_PAGES),
    "home-visits": Route(Thing.VISITS),
    "visit-new": Route(Thing.VISITS, Action.RECORD, Action.RECORD),
    "visit-save-home-part": Route(Thing.VISITS, Action.NONE, Action.RECORD),
    "visit-briefing": Route(Thing.VISITS, Action.RECORD),
    "concern-raise": Route(Thing.VISITS, Action.RECORD, Action.RECORD),
    "concern": Route(Thing.CONCERN),
    "visit": Route(Thing.REPORT),
    "visit-pdf": Route(Thing.REPORT, Action.PRINT),
    "visit-read": Route(Thing.VISIT, Action.WRITE, Action.WRITE),
    "visit-check": Route(Thing.VISIT, Action.WRITE, Action.WRITE),
    "visit-part": Route(Thing.VISIT, Action.WRITE, Action.WRITE),
    "visit-part-save": Route(Thing.VISIT, Action.NONE, Action.WRITE),
    # who looked
    "child-looks": Route(Thing.LOOKS_AT_CHILD),
    "person-looks": Route(Thing.LOOKS_OF_PERSON),
    "own-looks": Route(Thing.LOOKS),
    "own-looks-csv": Route(Thing.LOOKS, Action.TAKE_AWAY),
    # the API
    "api-schema": _OPEN_HUB,
    "api-homes": Route(Thing.OWN_PAGES),
    "api-home": Route(Thing.HOME),
    "api-timeline": Route(Thing.RECORDS),
    "api-assessment": Route(Thing.HOME),
    "api-children-by-area": Route(Thing.NATION),
    "api-alerts": Route(Thing.OWN_PAGES),
    "api-alert": Route(Thing.ALERT),
    "api-acknowledge": Route(Thing.ALERT, Action.NONE, Action.ANSWER),
    "api-decide": Route(Thing.ALERT, Action.NONE, Action.ANSWER),
    "api-close": Route(Thing.ALERT, Action.NONE, Action.ANSWER),
    "api-incidents-list": Route(Thing.OWN_PAGES),
    "api-incidents-detail": _RECORD,
    **{f"api-{name}-list": Route(Thing.OWN_PAGES, Action.OPEN, Action.RECORD) for name in _STREAMS},
    **{f"api-{name}-detail": _RECORD for name in _STREAMS},
    "api-visits-list": Route(Thing.OWN_PAGES, Action.OPEN, Action.RECORD),
    "api-visits-detail": Route(Thing.VISIT),
}
