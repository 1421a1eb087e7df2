"""Each rule opens its own alert per record, on the pictures that may know of it."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest

from events.context import acting_as
from incidents.record import actions as recording
from incidents.record.models import Stream
from oversight.escalation import judging, rules
from oversight.escalation.actions import open_missing_reports
from oversight.escalation.ladders import Audience
from oversight.escalation.models import Alert, Branch, Delivery, Escalation, Tier
from oversight.risk.queries import engine_world
from oversight.visits.models import SignificantConcern, Visit, VisitReport
from tests.cast import Cast
from tests.conftest import owner, worker
from tests.oversight.escalation.conftest import death, drain, opened, record


def organisations(alert: Alert) -> set[str]:
    with owner():
        return {branch.organisation.name for branch in Branch.objects.filter(alert=alert)}


def the_alert(picture: str = "overseers") -> Alert:
    with owner():
        return Alert.objects.select_related("home").get(picture=picture)


def test_a_death_tells_regulator_every_placing_authority_and_host(world: Cast) -> None:
    incident = death(world)
    drain(world.now)
    alert = the_alert()
    assert (alert.kind, alert.pattern, alert.tier) == ("rule", "death", Tier.REGULATOR)
    assert alert.set_off_by == incident.pk
    assert alert.evidence == [incident.reference]
    assert alert.score is None
    assert organisations(alert) == {"Ofsted", "Northmoor Council", "Eastvale Council", "Calderbrook Council"}
    with owner():
        mails = {mail.address for mail in Delivery.objects.filter(alert=alert)}
    assert mails == {
        "duty@ofsted.example",
        "duty@northmoor.example",
        "duty@eastvale.example",
        "safeguarding@calderbrook.example",
    }


def test_a_death_recorded_by_the_home_opens_on_its_own_picture_too(world: Cast) -> None:
    death(world)
    drain(world.now)
    alert = the_alert("provider")
    assert organisations(alert) == {"Alder Vale Care"}
    with owner():
        mails = {mail.address for mail in Delivery.objects.filter(alert=alert)}
    assert mails == {"duty@alder.example", "asha@cast.example", "dan@cast.example"}


def test_a_second_death_is_never_folded_into_the_first(world: Cast) -> None:
    death(world)
    drain(world.now)
    death(world, world.now + timedelta(hours=1))
    drain(world.now + timedelta(hours=1))
    with owner():
        assert Alert.objects.filter(picture="overseers").count() == 2
        assert Delivery.objects.filter(alert__picture="overseers").count() == 8


def test_the_same_record_judged_twice_opens_one_alert(world: Cast) -> None:
    incident = death(world)
    drain(world.now)
    with worker():
        assert judging.judge_record(incident=incident.pk, now=world.now) == []


def test_other_records_and_unknown_keys_set_off_nothing(world: Cast) -> None:
    record(world, world.asha)
    drain(world.now)
    with worker():
        assert judging.judge_record(incident=UUID(int=1), now=world.now) == []
        assert not Alert.objects.exists()


def test_a_death_known_from_outside_reaches_the_provider_only_once_shared(world: Cast) -> None:
    incident = record(world, world.mo, event="40(1)", detail="death", source="regulator")
    drain(world.now)
    assert the_alert().picture == "overseers"
    with acting_as(world.mo.pk, world.now):
        recording.share_with_provider(
            incident=incident, why="the home must know", by=world.mo.pk, now=world.now
        )
    drain(world.now)
    assert the_alert("provider").pattern == "death"


def visit(world: Cast, day: date, at: datetime) -> Visit:
    return Visit.objects.create(home=world.elm, visitor_id=world.efe.pk, visited_on=day, recorded_at=at)


def report(world: Cast, seen: Visit, safeguarded: str, well_being: str, reference: str = "V1") -> VisitReport:
    return VisitReport.objects.create(
        visit=seen,
        home=world.elm,
        reference=reference,
        filed_at=world.now,
        filed_by_id=world.efe.pk,
        safeguarded=safeguarded,
        well_being=well_being,
    )


@pytest.mark.parametrize(
    ("safeguarded", "well_being", "pattern"),
    [("no", "no", "opinion_no"), ("no", "yes", "opinion_no"), ("partly", "no", "well_being_no")],
)
def test_an_opinion_of_no_opens_one_alert_on_each_picture(
    world: Cast, safeguarded: str, well_being: str, pattern: str
) -> None:
    with owner():
        seen = visit(world, world.now.date(), world.now)
        report(world, seen, safeguarded, well_being)
    with worker():
        found = judging.judge_report(visit=seen.pk, now=world.now)
        assert judging.judge_report(visit=seen.pk, now=world.now) == []
    assert [(alert.picture, alert.pattern, alert.tier) for alert in found] == [
        ("overseers", pattern, "regulator"),
        ("provider", pattern, "regulator"),
    ]


@pytest.mark.parametrize("opinion", ["yes", "partly"])
def test_partly_is_no_rule(world: Cast, opinion: str) -> None:
    with owner():
        seen = visit(world, world.now.date(), world.now)
        report(world, seen, opinion, opinion)
    with worker():
        assert judging.judge_report(visit=seen.pk, now=world.now) == []


def test_a_concern_goes_to_the_overseers_and_never_to_the_provider(world: Cast) -> None:
    with owner():
        concern = SignificantConcern.objects.create(
            reference="SC1", home=world.elm, raised_at=world.now, raised_by_id=world.efe.pk, what="words"
        )
    with worker():
        found = judging.judge_significant_concern(concern=concern.pk, now=world.now)
    assert [(alert.picture, alert.pattern) for alert in found] == [("overseers", "concern")]
    assert found[0].explanation["records"][0]["stream"] == "concern"
    assert "Ofsted" in organisations(found[0])


def test_a_report_that_is_itself_the_concern_opens_one_alert(world: Cast) -> None:
    with owner():
        seen = visit(world, world.now.date(), world.now)
        report(world, seen, "no", "no", reference="E7")
        concern = SignificantConcern.objects.create(
            reference="E7",
            home=world.elm,
            visit=seen,
            raised_at=world.now,
            raised_by_id=world.efe.pk,
            what="words",
        )
    with worker():
        assert judging.judge_report(visit=seen.pk, now=world.now) == []
        (alert,) = judging.judge_significant_concern(concern=concern.pk, now=world.now)
        assert alert.began_on == seen.visited_on
        assert [row["stream"] for row in alert.explanation["records"]] == ["reg44"]


def missing_on(world: Cast, day: date) -> list[Alert]:
    with worker():
        now = datetime.combine(day, time(23), world.now.tzinfo)
        return open_missing_reports(world=engine_world([world.elm]), day=day, now=now)


def test_a_missing_visit_is_told_once_per_month_on_both_pictures(world: Cast) -> None:
    with owner():
        world.elm.opened_on = date(2026, 10, 1)
        world.elm.save()
    assert missing_on(world, date(2026, 11, 6)) == []
    found = missing_on(world, date(2026, 11, 7))
    assert [(alert.picture, alert.kind, alert.pattern, alert.tier) for alert in found] == [
        ("overseers", "missing_report", "no_visit", "look"),
        ("provider", "missing_report", "no_visit", "look"),
    ]
    assert found[0].began_on == date(2026, 10, 1)
    assert missing_on(world, date(2026, 11, 7)) == []
    assert organisations(found[0]) == {"Northmoor Council", "Eastvale Council", "Calderbrook Council"}
    assert organisations(found[1]) == {"Alder Vale Care"}
    # The next month is missed as well: an alert of its own beside the first.
    assert len(missing_on(world, date(2026, 12, 7))) == 2


def test_a_visit_without_its_report_is_told_at_the_end_of_the_next_month(world: Cast) -> None:
    with owner():
        world.elm.opened_on = date(2026, 10, 1)
        world.elm.save()
        visit(world, date(2026, 10, 20), datetime(2026, 10, 20, 18, tzinfo=world.now.tzinfo))
    assert missing_on(world, date(2026, 11, 7)) == []
    assert [alert.pattern for alert in missing_on(world, date(2026, 11, 30))] == ["no_report", "no_report"]


def test_rules_are_data_with_law_version_and_day() -> None:
    for rule in rules.RULES.values():
        assert "reg 4" in rule.legal_basis
        assert rule.version >= 1
        assert rule.effective_from <= date(2026, 1, 1)
        assert rule.kind in ("rule", "missing_report")
    assert not rules.CONCERN.provider_too


def test_evidence_decides_whether_lado_and_board_are_told(world: Cast) -> None:
    lado = record(world, world.ines, Stream.LADO, source="lado")
    hospital = record(world, world.lee, Stream.HOSPITAL, source="hospital")
    alert = opened(world, tier="escalate", evidence=[lado.reference, hospital.reference])
    with owner():
        audiences = {branch["audience"] for branch in Escalation.objects.get(alert=alert).policy["branches"]}
    assert audiences == {Audience.PLACING, Audience.HOST, Audience.LADO, Audience.ICB}
    assert set(alert.told_ids) == {world.organisations["calderbrook"].pk, world.organisations["icb"].pk}
