"""Whatever changes a row, by whatever path, leaves a line; nobody can skip, forge or read more than the row shows."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client

from events import clock
from events.context import acting_as
from homes import actions as posts
from homes.history.models import Change
from homes.history.queries import timeline
from homes.models import Placement, Post, User
from incidents.record import actions as recording
from incidents.record.changed import history_of
from incidents.record.models import Incident, Involvement, Stream
from oversight.escalation.models import Alert
from tests.conftest import owner, worker
from tests.hesley_hub.looking.conftest import Everything, everything

__all__ = ["everything"]
pytestmark = pytest.mark.django_db

#: Tables whose every change is kept (ARCHITECTURE; issue: records, duties, visits, views, alerts, placements, posts, grants).
TRACKED = {
    "homes_placement",
    "homes_post",
    "homes_appointment",
    "homes_childrelation",
    "homes_homegrant",
    "homes_caseconsent",
    "homes_responsibleboard",
    "incidents_incident",
    "incidents_involvement",
    "incidents_adultinvolvement",
    "incidents_duty",
    "incidents_reg40details",
    "incidents_ladodetails",
    "incidents_ladooutcome",
    "incidents_whistleblowingdetails",
    "incidents_complaintdetails",
    "incidents_hospitaldetails",
    "voice_view",
    "voice_done",
    "oversight_alert",
    "oversight_visit",
    "oversight_visitreport",
    "oversight_recommendation",
    "oversight_significantconcern",
}


def _rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall()) if cursor.description else []


def _changes(row: UUID) -> list[Change]:
    with owner():
        return list(Change.objects.filter(of_row=row).order_by("id"))


def test_every_tracked_table_has_its_three_triggers_and_its_policy() -> None:
    found = _rows(
        "select tgrelid::regclass::text, count(*) from pg_trigger where tgname like 'history\\_%%' group by 1"
    )
    assert dict(found) == dict.fromkeys(TRACKED, 3)
    policies = {
        name for (name,) in _rows("select policyname from pg_policies where tablename = 'homes_change'")
    }
    assert {f"of_{table}" for table in TRACKED} == policies - {"owner_all", "worker_all"}
    assert _rows("select prosecdef, proconfig from pg_proc where proname = 'homes_history_kept'") == [
        (True, ["search_path=pg_catalog, public, pg_temp"])
    ]
    disabled = _rows("select count(*) from pg_trigger where tgname like 'history\\_%%' and tgenabled <> 'O'")
    assert disabled == [(0,)]


def test_a_record_is_added_shared_and_withdrawn_in_its_history(everything: Everything) -> None:
    world, incident = everything.world, everything.incidents[Stream.HOSPITAL]
    later = world.now + timedelta(minutes=1)
    with acting_as(world.mo.pk, later):
        recording.share_with_provider(incident=incident, why="the home must know", by=world.mo.pk, now=later)
    added, shared = _changes(incident.pk)[0], _changes(incident.pk)[-1]
    assert (added.kind, added.fields, added.viewer) == ("insert", {}, world.lee.pk)
    assert shared.kind == "update"
    assert shared.fields["shared_with_provider_why"] == ["", "the home must know"]
    assert "provider_sees" not in shared.fields
    assert (shared.viewer, shared.as_of, shared.home_id) == (world.mo.pk, later, world.elm.pk)
    assert shared.login
    assert not shared.provider_saw
    with acting_as(world.mo.pk, later):
        lines = timeline([incident.pk], provider=False, titles={})
    assert [line.who for line in lines] == ["Mo Okafor", "Lee Moss", "Lee Moss"]
    assert lines[0].when == later
    said = {one.name: (one.before, one.after) for one in lines[0].differences}
    assert said["Shared with provider by"] == ("", "Mo Okafor")
    assert said["Shared with provider at"][1].endswith(f"{later.astimezone(clock.LONDON):%H:%M}")


def test_raw_sql_bulk_updates_and_the_worker_leave_lines_too(everything: Everything) -> None:
    incident = everything.incidents[Stream.REG40]
    with owner():
        _rows("update incidents_incident set severity = 4 where id = %s", incident.pk)
        Involvement.objects.filter(incident=incident).update(account="I was cold.")
    with worker():
        Incident.objects.filter(pk=incident.pk).update(severity=5)
        Incident.objects.filter(pk=incident.pk).update(severity=5)
    changes = [change for change in _changes(incident.pk) if "severity" in change.fields]
    assert [change.fields["severity"] for change in changes] == [[None, 4], [4, 5]], (
        "no line where nothing changed"
    )
    part = Involvement.objects.model._default_manager
    with owner():
        key = part.get(incident=incident).pk
    assert _changes(key)[-1].fields["account"] == ["", "I was cold."]


def test_what_is_removed_is_kept_whole(everything: Everything) -> None:
    with owner():
        key = everything.duties[0]
        _rows("delete from incidents_duty where id = %s", key)
    removed = _changes(key)[-1]
    assert (removed.kind, removed.fields["who"]) == ("delete", "Ofsted")


def test_posts_placements_grants_and_alerts_have_a_history(everything: Everything) -> None:
    world = everything.world
    with owner():
        post = Post.objects.get(user=world.ben)
        posts.end_post(post=post, now=world.now)
        placement = Placement.objects.get(child=world.rowan)
        Placement.objects.filter(pk=placement.pk).update(miles=12)
        Alert.objects.filter(pk=everything.alerts[0].pk).update(state="acknowledged", explanation={"x": 1})
        grant = _rows(
            "insert into homes_homegrant (user_id, permission_id, home_id, picture, starts_at, ends_at, reason,"
            " granted_by_id) select %s, id, %s, 'provider', now(), now() + interval '1 hour', 'cover', %s"
            " from auth_permission limit 1 returning id",
            world.cerys.pk,
            world.elm.pk,
            world.asha.pk,
        )[0][0]
        _rows("update homes_homegrant set reason = 'cover at night' where id = %s", grant)
    assert set(_changes(post.pk)[-1].fields) == {"ends_at"}
    assert _changes(placement.pk)[-1].fields == {"miles": [90, 12]}
    assert _changes(everything.alerts[0].pk)[-1].fields == {"state": ["open", "acknowledged"]}
    assert _changes(UUID(int=grant))[-1].fields == {"reason": ["cover", "cover at night"]}
    with acting_as(world.cerys.pk, clock.now()):
        assert Change.objects.filter(of_table="homes_homegrant").count() == 2


def test_nobody_writes_history_but_the_database(everything: Everything) -> None:
    statements = (
        "update homes_change set fields = '{}'",
        "delete from homes_change",
        "truncate homes_change",
        "insert into homes_change (of_table) values ('x')",
        "alter table incidents_incident disable trigger history_changed",
        "set session_replication_role = replica",
    )
    for statement in statements:
        with pytest.raises(Exception, match=r"permission denied|must be owner"), transaction.atomic():
            _rows(statement)
        with (
            worker(),
            pytest.raises(Exception, match=r"permission denied|must be owner"),
            transaction.atomic(),
        ):
            _rows(statement)


# Who reads it


def _lines(everything: Everything, who: User, incident: Incident) -> int:
    now = clock.now()
    with acting_as(who.pk, now):
        return Change.objects.filter(of_row=incident.pk).count()


def test_history_follows_the_row_as_it_stands(everything: Everything) -> None:
    world, whistle = everything.world, everything.incidents[Stream.WHISTLEBLOWING]
    hospital = everything.incidents[Stream.HOSPITAL]
    assert _lines(everything, world.mo, whistle) > 0
    for username in ("asha", "dan", "fran", "jon", "ines", "kim", "efe", "pat", "cerys", "quin"):
        assert _lines(everything, world.people[username], whistle) == 0, username
    assert _lines(everything, world.asha, hospital) == 0
    assert _lines(everything, world.fran, hospital) > 0
    assert _lines(everything, world.cerys, everything.incidents[Stream.REG40]) == 0
    with acting_as(None, clock.now()):
        assert Change.objects.count() == 0


def test_the_provider_reads_no_wording_from_before_it_was_shared(everything: Everything) -> None:
    world, incident = everything.world, everything.incidents[Stream.HOSPITAL]
    with owner():
        Incident.objects.filter(pk=incident.pk).update(narrative="The first wording.")
    with acting_as(world.mo.pk, world.now):
        recording.share_with_provider(incident=incident, why="to be known", by=world.mo.pk, now=world.now)
    with owner():
        Incident.objects.filter(pk=incident.pk).update(narrative="A later wording.")
    now = clock.now()
    with acting_as(world.asha.pk, now):
        seen = list(Change.objects.filter(of_row=incident.pk))
        lines = history_of(Incident.objects.get(pk=incident.pk), world.asha.pk, now)
    assert [change.fields["narrative"] for change in seen if "narrative" in change.fields] == [
        ["The first wording.", "A later wording."]
    ]
    assert len(lines) == 1
    with acting_as(world.mo.pk, now):
        assert len(history_of(Incident.objects.get(pk=incident.pk), world.mo.pk, now)) > 3


def test_a_record_that_is_no_longer_shared_takes_its_history_along(everything: Everything) -> None:
    world, incident = everything.world, everything.incidents[Stream.HOSPITAL]
    with owner():
        Incident.objects.filter(pk=incident.pk).update(
            shared_with_provider_at=world.now, shared_with_provider_by=world.mo.person
        )
        Incident.objects.filter(pk=incident.pk).update(severity=3)
    assert _lines(everything, world.asha, incident) == 1
    with owner():
        Incident.objects.filter(pk=incident.pk).update(
            shared_with_provider_at=None, shared_with_provider_by=None
        )
    assert _lines(everything, world.asha, incident) == 0


def test_the_page_of_a_record_shows_its_history(everything: Everything) -> None:
    world, incident = everything.world, everything.incidents[Stream.REG40]
    with worker():
        Incident.objects.filter(pk=incident.pk).update(severity=2, restraint=True)
    for username, sees in (("mo", True), ("asha", True), ("fran", True)):
        client = Client()
        client.force_login(world.people[username])
        text = client.get(f"/incidents/{incident.reference}/").content.decode()
        assert ("History: who changed what, when" in text) is sees, username
        assert "Asha Rahman" in text
        assert "past the website" in text
        assert "Restraint: nothing → yes" in text
    view = client.get(f"/views/{everything.view.pk}/")
    assert "View added" in view.content.decode()


def test_values_are_said_as_people_say_them(everything: Everything) -> None:
    world, view = everything.world, everything.view
    with owner():
        _rows(
            "update voice_view set symbols = '{scared,night}', feels_unsafe = true, interpretation = 'afraid',"
            " interpreted_by = 'Asha', child_id = %s where id = %s",
            world.sky.pk,
            view.pk,
        )
    with acting_as(world.mo.pk, clock.now()):
        line = timeline([view.pk], provider=False, titles={})[0]
    said = {one.name: (one.before, one.after) for one in line.differences}
    assert said["Symbols"] == ("", "scared, night")
    assert said["Feels unsafe"] == ("no", "yes")
    assert said["Child"] == ("somebody or something else", "somebody or something else")
    assert line.who.startswith("login ")
    with owner():
        Change.objects.filter(of_row=view.pk).update(login="hub_worker", viewer=None)
    with acting_as(world.mo.pk, clock.now()):
        assert {one.who for one in timeline([view.pk], provider=False, titles={})} == {"the hub itself"}
