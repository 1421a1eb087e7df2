"""Lists of homes: ranked by what the viewer's own picture says of them, in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from events.clock import london_day
from homes.models import Home
from homes.roles import Picture
from oversight.dashboards import queries
from oversight.dashboards.chance import CHANCE_A_YEAR
from oversight.dashboards.charts.sparkline import Rule, SparkData, sparkline
from oversight.dashboards.home_page import leading_alert
from oversight.dashboards.queries import AlertRow
from oversight.dashboards.totals import months_before, poisson_limit
from oversight.dashboards.wording import (
    LEVEL_RANK,
    NOTHING_UNUSUAL,
    PATTERNS,
    STREAMS,
    alert_sentence,
    day_words,
    days_words,
    pattern_words,
)
from oversight.escalation.models import Alert
from oversight.risk.models import Assessment

SPARK_MONTHS = 13
LEVELS = {rank: level for level, rank in LEVEL_RANK.items()}
#: How long a home that reached Look by chance stays there: assumed.
YEARS_AT_LOOK = 0.5


@dataclass(frozen=True)
class Choice:
    """What the viewer asks of the list. level: all, look, unanswered or quiet."""

    words: str = ""
    level: str = "all"
    pattern: str = ""
    area: str = ""


@dataclass
class HomeRow:
    """One home of a list."""

    rank: int
    home: Home
    level: str
    pattern: str
    since: date | None
    sentence: str
    href: str
    answered: str
    late: bool
    sparks: list[tuple[str, str]]
    children: str = ""
    away: str = ""
    manager: str = ""


def ranked(viewer: UUID, now: datetime, *, pictures: Sequence[Picture], picture: str) -> Any:
    """The homes that the viewer may open in these pictures, the most worrying first.

    A queryset annotated with level_rank (4 urgent to 0 usual) and score of the newest look, both of ``picture``.
    """
    rank = Case(
        When(kind="missing_report", then=Value(LEVEL_RANK["quiet"])),
        When(tier="look", then=Value(LEVEL_RANK["look"])),
        When(tier="escalate", then=Value(LEVEL_RANK["escalate"])),
        default=Value(LEVEL_RANK["urgent"]),
        output_field=IntegerField(),
    )
    alerts = standing_alerts(picture, london_day(now)).filter(home_id=OuterRef("pk"))
    if picture == "provider":
        alerts = alerts.filter(skips_provider=False)
    worst = alerts.annotate(rank=rank).order_by("-rank", "-opened_at")
    look = Assessment.objects.filter(home_id=OuterRef("pk"), picture=picture).order_by("-as_of")
    return (
        Home.objects.visible_to(viewer, now, pictures)
        .filter(closed_on__isnull=True)
        .select_related("provider", "host_authority")
        .annotate(
            level_rank=Coalesce(Subquery(worst.values("rank")[:1], output_field=IntegerField()), 0),
            leading_pattern=Subquery(worst.values("pattern")[:1], output_field=CharField()),
            score=Subquery(look.values("score")[:1], output_field=FloatField()),
        )
        .order_by("-level_rank", F("score").desc(nulls_last=True), "name", "urn")
    )


def standing_alerts(picture: str, today: date) -> QuerySet[Alert]:
    """Alerts of a picture that say something of today, as AlertRow.stands does."""
    open_ones = Alert.objects.filter(picture=picture, ended_at__isnull=True)
    return open_ones.exclude(
        kind="missing_report",
        state__in=(Alert.State.ACKNOWLEDGED, Alert.State.ACTED_ON, Alert.State.CLOSED),
        raised_on__lt=today - queries.MISSING_STANDS,
    )


def chosen(homes: Any, choice: Choice, picture: str, today: date) -> Any:
    """The list narrowed to what the viewer asks."""
    if choice.words:
        homes = homes.filter(
            Q(name__icontains=choice.words)
            | Q(urn__icontains=choice.words)
            | Q(provider__name__icontains=choice.words)
        )
    if choice.level == "look":
        homes = homes.filter(level_rank__gte=LEVEL_RANK["look"])
    if choice.level == "quiet":
        quiet = standing_alerts(picture, today).filter(kind="missing_report")
        homes = homes.filter(pk__in=quiet.values("home_id"))
    if choice.level == "unanswered":
        waiting = Alert.objects.filter(picture=picture, state=Alert.State.OPEN, ended_at__isnull=True)
        homes = homes.filter(pk__in=waiting.values("home_id"))
    if choice.pattern:
        homes = homes.filter(leading_pattern=choice.pattern)
    if choice.area:
        homes = homes.filter(host_authority_id=choice.area)
    return homes


def rows_of(
    homes: Sequence[Any],
    *,
    picture: str,
    viewer: UUID,
    now: datetime,
    streams: Sequence[str],
    whistleblowing: bool,
    start_rank: int = 1,
    organisation: UUID | None = None,
) -> list[HomeRow]:
    """Rows for the homes of one page. Two queries. organisation: whose own answer the last column is about."""
    today = london_day(now)
    keys = [home.pk for home in homes]
    alerts: dict[UUID | None, list[AlertRow]] = {}
    for alert in queries.alerts_of(keys, [], picture=picture, open_only=True):
        alerts.setdefault(alert.home_id, []).append(alert)
    months = [months_before(today, back) for back in range(SPARK_MONTHS - 1, -1, -1)]
    counts = queries.months_of(keys, picture, months[0], viewer, now) if streams else {}
    scale = max(
        (told for found in counts.values() for (_, stream), (told, _) in found.items() if stream in streams),
        default=1,
    )
    return [
        _row(
            home,
            place,
            alerts.get(home.pk, []),
            sparks_of(counts.get(home.pk, {}), months, streams, max(scale, 1), today),
            today,
            whistleblowing,
            organisation,
        )
        for place, home in enumerate(homes, start=start_rank)
    ]


def _row(
    home: Home,
    rank: int,
    alerts: Sequence[AlertRow],
    sparks: list[tuple[str, str]],
    today: date,
    whistleblowing: bool,
    organisation: UUID | None,
) -> HomeRow:
    leading = leading_alert(alerts, today)
    if leading is None:
        return HomeRow(
            rank, home, "usual", "", None, NOTHING_UNUSUAL, _page(home), "Nothing to answer", False, sparks
        )
    answered, late = answer_words(leading, today, organisation)
    sentence = alert_sentence(
        leading.pattern, leading.began_on, leading.explanation, whistleblowing=whistleblowing
    )
    return HomeRow(
        rank,
        home,
        leading.level,
        pattern_words(leading.pattern),
        leading.began_on or leading.raised_on,
        sentence,
        _page(home),
        answered,
        late,
        sparks,
    )


def _page(home: Home) -> str:
    return f"/homes/{home.urn}/"


def answer_words(alert: AlertRow, today: date, organisation: UUID | None) -> tuple[str, bool]:
    """Who answered last, or that nobody (or not the viewer's organisation) has, and for how long."""
    told_at = min((answer.told_at for answer in alert.waiting), default=alert.opened_at)
    waited = days_words(max((today - london_day(told_at)).days, 0))
    own = [answer for answer in alert.answers if answer.organisation_id == organisation]
    if own and own[0] in alert.waiting:
        return f"Not by {own[0].organisation}, {waited}", True
    given = alert.answered
    if given is None:
        return f"No one, {waited}", True
    return f"{given.by}, {given.organisation}, {day_words(given.at)}", False


def sparks_of(
    counts: Mapping[tuple[date, str], tuple[int, int]],
    months: Sequence[date],
    streams: Sequence[str],
    scale: int,
    today: date,
) -> list[tuple[str, str]]:
    """(name of the stream, SVG) in the fixed order."""
    drawn = []
    for stream in streams:
        pairs = [counts.get((month, stream), (0, 0)) for month in months]
        told, outside = tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs)
        visits = stream == "reg44"
        rule = _visit_rule(told, today) if visits else _rule(told, outside)
        drawn.append((STREAMS[stream][0], sparkline(SparkData(told, outside, rule, visits), scale)))
    return drawn


def _rule(told: Sequence[int], outside: Sequence[int]) -> Rule:
    """Whether the last three months lie beyond what the ten before make usual, either way."""
    totals = [above + below for above, below in zip(told, outside, strict=True)]
    before, last = totals[:-3], sum(totals[-3:])
    usual = sum(before) / len(before) * 3
    if sum(before) >= 3 and last > poisson_limit(usual):
        return "beyond"
    if last == 0 and usual >= 6:
        return "quiet"
    return ""


def _visit_rule(visits: Sequence[int], today: date) -> Rule:
    """Whether the month before this one, or before that in its first week, has no visit."""
    late = visits[-2] if today.day > 7 else visits[-3]
    return "missing" if not late and any(visits) else ""


def ordinary_among(listed: int, homes: int, a_year: float = CHANCE_A_YEAR) -> int:
    """About how many of the listed homes are ordinary ones that reached the bar by chance; never more than listed."""
    return min(listed, round(homes * a_year * YEARS_AT_LOOK))


PATTERN_CHOICES = [("", "All patterns"), *PATTERNS.items()]
