"""The automatic rule in the database, what people decide, and the question of a missing notice."""

from datetime import date, datetime, timedelta

import pytest

from events import relay
from events.context import acting_as
from events.models import Event
from homes.access import NotAllowedError
from homes.models import Child, Home
from incidents.hospital.models import HospitalDetails
from incidents.lado.models import LadoDetails
from incidents.record import actions as record
from incidents.record.models import Incident, PartOfIncident, Stream
from incidents.reg40.models import Reg40Details
from oversight.matters import actions, queries
from oversight.matters.models import Matter, MatterLink
from oversight.matters.queries import Notice
from tests import cast
from tests.cast import Cast
from tests.conftest import owner, worker

pytestmark = pytest.mark.django_db

AUTHORS = {"home": "asha", "hospital": "lee", "lado": "ines"}


@pytest.fixture
def world() -> Cast:
    with owner():
        built = cast.build()
        Home.objects.update(opened_on=date(2020, 1, 1))
    built.elm.refresh_from_db()
    return built


def details(stream: Stream, incident: Incident) -> PartOfIncident:
    if stream == Stream.REG40:
        return Reg40Details(incident=incident, event="40(4)(e)")
    if stream == Stream.LADO:
        return LadoDetails(incident=incident, limbs=["harmed"])
    return HospitalDetails(incident=incident, attendance="attended")


def recorded(
    world: Cast, stream: Stream, source: str, at: datetime, child: Child | None = None, reference: str = ""
) -> Incident:
    with owner():
        return record.save_record(
            new=record.NewRecord(
                home=world.elm,
                stream=stream,
                occurred_at=at,
                known_at=at,
                source=source,
                by_provider=source == "home",
                children=[record.ChildPart(child=child or world.rowan)],
                reference=reference,
            ),
            details=lambda incident: details(stream, incident),
            by=world.people[AUTHORS[source]].pk,
            now=at,
        )


def proposed(world: Cast) -> int:
    with worker():
        return actions.propose(home=world.elm, now=world.now)


def ago(world: Cast, days: float) -> datetime:
    return world.now - timedelta(days=days)


def only_link() -> MatterLink:
    with owner():
        return MatterLink.objects.get()


def test_the_rule_proposes_once_and_a_second_run_changes_nothing(world: Cast) -> None:
    notice = recorded(world, Stream.REG40, "home", ago(world, 30))
    visit = recorded(world, Stream.HOSPITAL, "hospital", ago(world, 29))
    assert proposed(world) == 1
    first = only_link()
    assert proposed(world) == 1
    assert only_link().pk == first.pk
    assert {first.first_id, first.second_id} == {notice.pk, visit.pk}
    assert (first.kind, first.state, first.rule_version) == ("hospital-reg40", "proposed", 1)


def test_a_nearer_record_takes_the_place_of_a_proposal(world: Cast) -> None:
    recorded(world, Stream.REG40, "home", ago(world, 30))
    recorded(world, Stream.HOSPITAL, "hospital", ago(world, 26))
    proposed(world)
    far = only_link()
    near = recorded(world, Stream.HOSPITAL, "hospital", ago(world, 29))
    proposed(world)
    link = only_link()
    assert link.pk != far.pk
    assert near.pk in {link.first_id, link.second_id}


def test_three_records_make_one_matter(world: Cast) -> None:
    for stream, source in ((Stream.REG40, "home"), (Stream.HOSPITAL, "hospital"), (Stream.LADO, "lado")):
        recorded(world, stream, source, ago(world, 20))
    assert proposed(world) == 2
    with owner():
        assert Matter.objects.count() == 1
    recorded(world, Stream.LADO, "home", ago(world, 20))
    assert proposed(world) >= 3
    with owner():
        assert Matter.objects.count() == 1


def test_a_persons_decision_is_kept_and_the_rule_goes_round_it(world: Cast) -> None:
    recorded(world, Stream.REG40, "home", ago(world, 30))
    recorded(world, Stream.HOSPITAL, "hospital", ago(world, 29), reference="HOS-NEAR")
    recorded(world, Stream.HOSPITAL, "hospital", ago(world, 28), reference="HOS-FAR")
    proposed(world)
    with acting_as(world.mo.pk, world.now):
        actions.refuse(link=only_link(), reason="Another day", by=world.mo.pk, now=world.now)
    with worker():
        relay.drain(now=world.now)
    with owner():
        states = {
            link.second.reference if link.second.stream == "hospital" else link.first.reference: link.state
            for link in MatterLink.objects.all()
        }
    assert states == {"HOS-NEAR": "refused", "HOS-FAR": "proposed"}


def test_a_confirmed_link_stays_when_the_rule_would_choose_another(world: Cast) -> None:
    recorded(world, Stream.REG40, "home", ago(world, 30))
    recorded(world, Stream.HOSPITAL, "hospital", ago(world, 26))
    proposed(world)
    with acting_as(world.mo.pk, world.now):
        for _ in range(2):
            actions.confirm(link=only_link(), reason="Same fall", by=world.mo.pk, now=world.now)
    recorded(world, Stream.HOSPITAL, "hospital", ago(world, 29))
    proposed(world)
    assert only_link().state == "confirmed"
    with owner():
        decided = Event.objects.filter(kind="oversight.matter_decided")
        assert [event.payload["same"] for event in decided] == [True]


def test_only_the_regulator_reads_links_and_only_its_inspector_decides(world: Cast) -> None:
    recorded(world, Stream.REG40, "home", ago(world, 30))
    recorded(world, Stream.LADO, "home", ago(world, 29))
    proposed(world)
    link = only_link()
    readers, deciders = set(), set()
    for name, person in world.people.items():
        with acting_as(person.pk, world.now):
            readers |= {name} if MatterLink.objects.exists() else set()
            assert len(queries.links_of(world.elm, person.pk, world.now)) == (name in {"mo", "nia"})
            try:
                actions.confirm(link=link, reason="Same", by=person.pk, now=world.now)
                deciders |= {name}
            except NotAllowedError:
                continue
    assert (readers, deciders) == ({"mo", "nia"}, {"mo"})


def test_a_decision_needs_its_reason(world: Cast) -> None:
    recorded(world, Stream.REG40, "home", ago(world, 30))
    recorded(world, Stream.LADO, "home", ago(world, 29))
    proposed(world)
    link = only_link()
    with acting_as(world.mo.pk, world.now), pytest.raises(ValueError, match="reason"):
        actions.refuse(link=link, reason=" ", by=world.mo.pk, now=world.now)


def test_a_missing_notice_is_told_by_who_made_the_record(world: Cast) -> None:
    recorded(world, Stream.HOSPITAL, "hospital", ago(world, 40), reference="HOS-OUTSIDE")
    recorded(world, Stream.LADO, "home", ago(world, 30), reference="LAD-HOME")
    recorded(world, Stream.LADO, "lado", ago(world, 3), reference="LAD-NEW", child=world.sky)
    recorded(world, Stream.REG40, "home", ago(world, 60), reference="R40-ONE")
    recorded(world, Stream.HOSPITAL, "hospital", ago(world, 59), reference="HOS-TOLD")
    with acting_as(world.mo.pk, world.now):
        found = {row.reference: row for row in queries.standing_of(world.elm, world.now)}
    assert {key: row.state for key, row in found.items()} == {
        "LAD-NEW": Notice.WAITING,
        "LAD-HOME": Notice.DUTY_MISSED,
        "HOS-OUTSIDE": Notice.OUTSIDE_ONLY,
        "HOS-TOLD": Notice.MATCHED,
    }
    assert found["HOS-TOLD"].notice == "R40-ONE"
    assert found["LAD-NEW"].judge_on == date(2026, 12, 4)
    assert (found["LAD-HOME"].stream_words, found["LAD-HOME"].source_words) == ("LADO", "the home")


def test_an_assessment_of_a_home_brings_its_links_up_to_date(world: Cast) -> None:
    recorded(world, Stream.REG40, "home", ago(world, 30))
    recorded(world, Stream.HOSPITAL, "hospital", ago(world, 29))
    with worker():
        relay.drain(now=world.now)
    assert only_link().state == "proposed"
