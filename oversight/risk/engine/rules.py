"""Rules that need no statistics: a death, a significant concern, an opinion of no, a missing visit or report."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from oversight.risk.engine.parameters import DEFAULT, Parameters
from oversight.risk.engine.records import Home, Picture, Record, known_from


@dataclass(frozen=True, slots=True)
class RecordRule:
    """A rule set off by one record: its stream and the word of `detail` that sets it off."""

    name: str
    words: str
    stream: str
    detail: str
    tier: str


@dataclass(frozen=True, slots=True)
class RuleAlarm:
    """A rule that held. `kind` is `rule` or `missing_report`; `evidence` holds references, empty for what is missing."""

    kind: str
    rule: str
    tier: str
    raised_on: date
    began_on: date
    evidence: tuple[str, ...]


# In order of weight: a record that sets off several gives one alarm, by the first.
RECORD_RULES: tuple[RecordRule, ...] = (
    RecordRule("death", "a child died", "reg40", "death", "regulator"),
    RecordRule("concern", "a visitor raised a significant concern", "reg44", "concern", "regulator"),
    RecordRule(
        "opinion_no", "a visitor's opinion is that children are not safeguarded", "reg44", "no", "regulator"
    ),
)
NO_VISIT = "no_visit"
NO_REPORT = "no_report"


def record_rule(record: Record) -> RecordRule | None:
    """The rule that one record sets off, if any."""
    details = record.details()
    for rule in RECORD_RULES:
        if record.stream == rule.stream and rule.detail in details:
            return rule
    return None


def record_alarms(records: Iterable[Record], picture: Picture = "overseers") -> list[RuleAlarm]:
    """One alarm for every record that sets off a rule, on the day from which it is known."""
    found = []
    for record in records:
        rule = record_rule(record) if record.detail else None
        known = known_from(record, picture)
        if rule is not None and known is not None:
            found.append(
                RuleAlarm("rule", rule.name, rule.tier, known, record.occurred_on, (record.reference,))
            )
    return found


def month_end(day: date) -> date:
    """The last day of the month that holds `day`."""
    return next_month(day) - timedelta(days=1)


def next_month(day: date) -> date:
    """The first day of the month after the one that holds `day`."""
    return date(day.year + 1, 1, 1) if day.month == 12 else date(day.year, day.month + 1, 1)


def missing_reports(
    home: Home,
    records: Sequence[Record],
    until: date,
    *,
    picture: Picture = "overseers",
    since: date | None = None,
    parameters: Parameters = DEFAULT,
) -> list[RuleAlarm]:
    """The months without a visit seven days after their end, or without its report by the end of the next month.

    Whole months from the home's first day on; alarms raised from `since` to `until`. A visit is known from its own
    day (or `visit_known_on`), its report from the day the record is known. At most one alarm a month.
    """
    visits: dict[tuple[int, int], tuple[date, date | None]] = {}
    for record in records:
        if record.stream != "reg44":
            continue
        month = (record.occurred_on.year, record.occurred_on.month)
        seen, report = record.visit_known_on or record.occurred_on, known_from(record, picture)
        if month in visits:
            earlier_seen, earlier_report = visits[month]
            seen = min(seen, earlier_seen)
            report = min((day for day in (report, earlier_report) if day is not None), default=None)
        visits[month] = (seen, report)
    begins = home.begins_on
    first = begins if begins.day == 1 else next_month(begins)
    if since is not None:
        first = max(first, _months_back(since, 2))
    found = []
    while first <= until:
        alarm = _missing(first, visits.get((first.year, first.month)), parameters)
        if alarm is not None and alarm.raised_on <= until and (since is None or alarm.raised_on >= since):
            found.append(alarm)
        first = next_month(first)
    return found


def _missing(first: date, visit: tuple[date, date | None] | None, parameters: Parameters) -> RuleAlarm | None:
    visit_due = month_end(first) + timedelta(days=parameters.visit_grace_days)
    if visit is None or visit[0] > visit_due:
        return RuleAlarm("missing_report", NO_VISIT, "look", visit_due, first, ())
    report_due = month_end(next_month(first))
    if visit[1] is None or visit[1] > report_due:
        return RuleAlarm("missing_report", NO_REPORT, "look", report_due, first, ())
    return None


def _months_back(day: date, months: int) -> date:
    month = day.year * 12 + day.month - 1 - months
    return date(month // 12, month % 12 + 1, 1)
