"""What the page of one home shows to whoever opens it: everything computed from the viewer's own picture."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from events.clock import LONDON, london_day
from homes.roles import Picture
from incidents.record import overview
from oversight.dashboards import lanes, queries
from oversight.dashboards.chance import chance_at
from oversight.dashboards.charts.drawing import Table
from oversight.dashboards.charts.legend import timeline_key
from oversight.dashboards.charts.palette import LEVEL_WORD
from oversight.dashboards.charts.thirteen_week import ChartData, chart_table, thirteen_week, verdict
from oversight.dashboards.charts.timeline import timeline, timeline_table
from oversight.dashboards.charts.timeline_data import TimelineData, unanswered_words
from oversight.dashboards.clocks import answer_clock, duty_clock
from oversight.dashboards.queries import AlertRow, Resident, Standpoint
from oversight.dashboards.voices import Strip, strip_of
from oversight.dashboards.wording import (
    HELD_BY_REGULATOR,
    NOTHING_UNUSUAL,
    alert_sentence,
    day_words,
    days_words,
    pattern_words,
)

MOST_ANSWERS = 3
HEARS_CHILDREN = (Picture.PROVIDER, Picture.REGULATOR, Picture.AUTHORITY, Picture.VISITOR, Picture.CHILD)
SEES_RECORDS = (Picture.PROVIDER, Picture.REGULATOR, Picture.LADO, Picture.VISITOR)
SEES_MONTHS = (Picture.AUTHORITY, Picture.ICB)
SEES_CHARTS = (Picture.PROVIDER, Picture.REGULATOR, Picture.AUTHORITY, Picture.ICB)
SEES_DUTIES = (Picture.PROVIDER, Picture.REGULATOR)
KNOWS_RESIDENTS = (Picture.PROVIDER, Picture.REGULATOR, Picture.VISITOR)
#: Lanes that a picture has not got: the provider's people never see whistleblowing, and others only hear of it.
HIDDEN: dict[Picture, frozenset[str]] = {
    Picture.PROVIDER: frozenset({"whistleblowing"}),
    Picture.AUTHORITY: frozenset({"whistleblowing"}),
    Picture.ICB: frozenset({"whistleblowing", "reg44"}),
    Picture.VISITOR: frozenset({"whistleblowing"}),
    Picture.LADO: frozenset({"reg40", "whistleblowing", "complaint", "hospital", "reg44"}),
}
NOTES: dict[Picture, str] = {
    Picture.PROVIDER: "What your home recorded stands above each line. What others shared with you hangs below it.",
    Picture.REGULATOR: "What the home told us stands above each line. What only others told us hangs below it.",
    Picture.AUTHORITY: f"Counts by month: {lanes.SHARED_MONTH[0].lower()}{lanes.SHARED_MONTH[1:]} {HELD_BY_REGULATOR}",
    Picture.ICB: f"Counts by month: {lanes.SHARED_MONTH[0].lower()}{lanes.SHARED_MONTH[1:]}",
    Picture.LADO: "Records with an allegation or an adult of concern.",
    Picture.VISITOR: "Questions to ask, not findings. Not to be left at the home.",
}

PLAIN: dict[Picture, str] = {
    Picture.AUTHOR: "You see the records that you or your hospital made. What others recorded stays with them.",
    Picture.VISITS: "You see who visits this home and when. No record of an incident is shown to you.",
    Picture.CHILD: "You see what the child you stand beside allows.",
}


@dataclass
class HomePage:
    """The context of the page; parts that the viewer has no right to are None or empty."""

    stand: Standpoint
    today: date
    identity: list[dict[str, str]]
    subnav: list[dict[str, Any]]
    false_alarm: str = ""
    voice: Strip | None = None
    standing: dict[str, Any] | None = None
    alerts: list[AlertRow] = field(default_factory=list)
    timeline: TimelineData | None = None
    note: str = ""
    charts: list[dict[str, Any]] = field(default_factory=list)
    clocks: list[dict[str, Any]] = field(default_factory=list)
    shows_clocks: bool = False
    fit: dict[str, Any] | None = None

    @property
    def about(self) -> str:
        home = self.stand.home
        where = f", {home.town}" if home.town else ""
        return f"{home.provider.name}{where}. {home.get_kind_display()}"

    @property
    def bar(self) -> dict[str, Any] | None:
        """What stands in the identity bar of a phone: only where there is something to look at."""
        return self.standing if self.standing and self.standing["since"] else None

    @property
    def actions(self) -> list[dict[str, str]]:
        """What the viewer most likely came to do here."""
        urn = self.stand.home.urn
        roles = {one.role for one in self.stand.capacities}
        if self.stand.picture is Picture.PROVIDER:
            return [{"text": "Record something", "href": f"/record/?home={urn}"}]
        if self.stand.picture is Picture.VISITOR:
            return [{"text": "Start a visit", "href": f"/homes/{urn}/visits/new/"}]
        if self.stand.picture is Picture.AUTHOR:
            return [{"text": "Add a referral", "href": "/record/hospital/"}]
        if roles & {"advocate", "family", "social_worker"}:
            return [{"text": "What children here say", "href": f"/homes/{urn}/children/"}]
        return []

    @property
    def pins(self) -> list[dict[str, str]]:
        """The alerts of the narrow drawing in words."""
        if self.timeline is None:
            return []
        return [
            {
                "name": pin.name,
                "when": f"{LEVEL_WORD[pin.level]}, {day_words(pin.on)}.",
                "waited": unanswered_words(pin, self.today),
            }
            for pin in self.timeline.pins
        ]

    @property
    def plain(self) -> str:
        """For those whose place at a home is a record, a visit or a child, and who see nothing else of it."""
        return PLAIN.get(self.stand.picture, "")

    @property
    def drawings(self) -> dict[str, str]:
        data = self.timeline
        if data is None:
            return {}
        return {"wide": timeline(data, 1192), "narrow": timeline(data, 358)}

    @property
    def table(self) -> Table | None:
        return timeline_table(self.timeline) if self.timeline else None

    @property
    def key(self) -> list[Any]:
        return timeline_key()


def home_page(stand: Standpoint, viewer: UUID, now: datetime) -> HomePage:
    """Read and arrange everything. At most eight queries after the one that found the home."""
    today, picture, home = london_day(now), stand.picture, stand.home
    residents = stand.residents if picture in HEARS_CHILDREN else ()
    alerts: list[AlertRow] = []
    if stand.sees_alerts:
        since = datetime.combine(lanes.first_day(today), time(0), LONDON)
        alerts = queries.alerts_of([home.pk], [home.provider_id], picture=stand.engine_picture, since=since)
    page = HomePage(stand, today, identity_of(stand, residents), subnav_of(stand, alerts), alerts=alerts)
    page.false_alarm = chance_at(home, stand.engine_picture, stand.calibration)
    if picture in HEARS_CHILDREN:
        visits = picture is Picture.VISITOR
        page.voice = strip_of(home, residents, viewer, now, visits=visits)
    if stand.sees_alerts:
        page.standing = standing_of(stand, alerts, today, page.false_alarm)
    marks = _marks(stand, viewer, now)
    if marks is not None:
        _draw(page, marks, alerts, viewer, now)
    if picture in SEES_DUTIES:
        page.clocks = clocks_of(stand, alerts, viewer, now)
        page.shows_clocks = True
    if picture is Picture.REGULATOR and marks is not None:
        page.fit = fit_of(stand, marks)
    return page


def identity_of(stand: Standpoint, residents: Sequence[Resident]) -> list[dict[str, str]]:
    """The facts of the identity bar, as far as the viewer may know them."""
    facts = [{"label": "URN", "value": stand.home.urn}]
    if stand.picture in KNOWS_RESIDENTS:
        facts.append({"label": "Living here", "value": f"{len(residents)} of {stand.home.places} places"})
        authorities = len({one.authority_id for one in residents})
        facts.append({"label": "Placing authorities", "value": str(authorities)})
    elif stand.picture is Picture.AUTHORITY:
        facts.append({"label": "Places", "value": str(stand.home.places)})
        facts.append({"label": "Your children here", "value": str(len(residents))})
    else:
        facts.append({"label": "Places", "value": str(stand.home.places)})
    if stand.manager:
        since = f", since {stand.manager_since:%b %Y}" if stand.manager_since else ""
        facts.append({"label": "Registered manager", "value": f"{stand.manager}{since}"})
    return facts


def subnav_of(stand: Standpoint, alerts: Sequence[AlertRow]) -> list[dict[str, Any]]:
    """The pages of the home that the viewer may open."""
    base = f"/homes/{stand.home.urn}/"
    items: list[dict[str, Any]] = [{"text": "Overview", "href": base, "current": True}]
    if stand.sees_alerts:
        open_now = sum(alert.open for alert in alerts)
        items.append({"text": "Alerts", "href": f"/alerts/?home={stand.home.urn}", "count": open_now})
    if stand.picture not in (Picture.VISITS, Picture.CHILD):
        items.append({"text": "Records", "href": f"{base}records/"})
    if stand.picture not in (Picture.LADO, Picture.ICB, Picture.AUTHOR, Picture.CHILD):
        items.append({"text": "Visits", "href": f"{base}visits/"})
    if stand.picture in HEARS_CHILDREN:
        items.append({"text": "Children", "href": f"{base}children/"})
    if stand.picture is Picture.REGULATOR:
        items.append({"text": "Matters", "href": f"{base}matters/", "count": stand.undecided})
    return items


def standing_of(stand: Standpoint, alerts: Sequence[AlertRow], today: date, chance: str) -> dict[str, Any]:
    """The level with its sentence, its date, and who has answered and who has not."""
    leading = leading_alert(alerts, today)
    note = f"An ordinary home reaches Look {chance}."
    if leading is None:
        return {
            "level": "usual",
            "since": None,
            "sentence": NOTHING_UNUSUAL,
            "facts": [],
            "note": note,
        }
    facts: list[dict[str, Any]] = [
        {
            "label": "Pattern",
            "value": pattern_words(leading.pattern),
            "href": f"/alerts/{leading.reference}/",
        }
    ]
    if leading.began_on:
        facts.append({"label": "Started about", "value": day_words(leading.began_on)})
    answers = leading.latest_answers
    given = [f"{one.by}, {one.organisation}, {day_words(one.at)}" for one in answers[:MOST_ANSWERS]]
    if len(answers) > MOST_ANSWERS:
        given.append(f"And {len(answers) - MOST_ANSWERS} more")
    facts.append({"label": "Answered by", "value": ". ".join(given) or "No one yet", "late": not given})
    # One council may owe an answer from two desks; it is named once, with its longest silence.
    since = {
        one.organisation: one.told_at
        for one in sorted(leading.waiting, key=lambda one: one.told_at, reverse=True)
    }
    waiting = [
        f"{name}, {days_words(max((today - london_day(told_at)).days, 0))}"
        for name, told_at in sorted(since.items())
    ]
    if waiting:
        facts.append({"label": "Not answered by", "value": ". ".join(waiting), "late": True})
    whistleblowing = stand.sees_whistleblowing
    across = f"Across all homes of {stand.home.provider.name}: " if leading.home_id is None else ""
    sentence = across + alert_sentence(
        leading.pattern, leading.began_on, leading.explanation, whistleblowing=whistleblowing
    )
    return {
        "level": leading.level,
        "since": leading.raised_on,
        "sentence": sentence,
        "facts": facts,
        "note": note,
    }


def leading_alert(alerts: Sequence[AlertRow], today: date) -> AlertRow | None:
    """The standing alert of the highest level; of several the newest."""
    open_ones = [alert for alert in alerts if alert.stands(today)]
    return max(open_ones, key=lambda one: (queries.rank_of(one.level), one.opened_at), default=None)


def _marks(stand: Standpoint, viewer: UUID, now: datetime) -> lanes.Marks | None:
    """Marks by day, or by month where the viewer sees counts only; None where no record at all is theirs to see."""
    today = london_day(now)
    start = lanes.first_day(today)
    if stand.picture in SEES_RECORDS:
        since = datetime.combine(start, time(0), LONDON)
        own = stand.picture is Picture.PROVIDER
        return lanes.marks_of_records(
            overview.sightings([stand.home.pk], since, viewer=viewer, now=now, provider_only=own)
        )
    if stand.picture in SEES_MONTHS:
        months = queries.months_of([stand.home.pk], "overseers", start, viewer, now)
        return lanes.marks_of_months(months[stand.home.pk], today)
    return None


def _draw(
    page: HomePage, marks: lanes.Marks, alerts: Sequence[AlertRow], viewer: UUID, now: datetime
) -> None:
    stand = page.stand
    hidden = HIDDEN.get(stand.picture, frozenset())
    home, start = stand.home, lanes.first_day(page.today)
    watched = max(start, home.watched_from or home.opened_on or start)
    visits = queries.visits_of(home.pk, start, viewer, now) if "reg44" not in hidden else []
    squares = lanes.visit_marks(visits, watched, page.today)
    page.note = NOTES[stand.picture]
    page.timeline = lanes.timeline_of(home.name, marks, squares, alerts, page.today, hidden=hidden)
    if stand.picture not in SEES_CHARTS:
        return
    leading = leading_alert(alerts, page.today)
    began = leading.began_on if leading else None
    charts = lanes.charts_of(marks, squares, began, watched, page.today, hidden=hidden)
    page.charts = [chart_of(chart, place) for place, chart in enumerate(charts)]


def chart_of(chart: ChartData, place: int) -> dict[str, Any]:
    rule, words = verdict(chart)
    return {
        "name": chart.name,
        "now": chart.now,
        "rule": rule,
        "words": words,
        "svg": thirteen_week(chart, key=f"weeks-{place}"),
        "table": chart_table(chart),
    }


def clocks_of(
    stand: Standpoint, alerts: Sequence[AlertRow], viewer: UUID, now: datetime
) -> list[dict[str, Any]]:
    """Duties not done and alerts not answered, the latest first."""
    own = stand.picture is Picture.PROVIDER
    duties = overview.open_duties([stand.home.pk], viewer=viewer, now=now, provider_only=own, limit=8)
    owed = [duty_clock(duty, now) for duty in duties]
    owed += [answer_clock(alert, answer, now) for alert in alerts if alert.open for answer in alert.waiting]
    return sorted(owed, key=lambda clock: clock["due_at"])[:10]


def fit_of(stand: Standpoint, marks: lanes.Marks) -> dict[str, Any]:
    """What does not fit: how much only others told, and the pairs of records that wait for a decision."""
    outside = sum(mark.outside for found in marks.values() for mark in found)
    told = sum(not mark.outside for found in marks.values() for mark in found)
    return {
        "outside": outside,
        "all": outside + told,
        "undecided": stand.undecided,
        "href": f"/homes/{stand.home.urn}/matters/",
    }
