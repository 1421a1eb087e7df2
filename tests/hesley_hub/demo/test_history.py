from datetime import timedelta

import pytest

from events.clock import london_day
from events.deadlines import start_of_day
from events.models import Event, Handling
from hesley_hub.demo import crossing, history, progress, world
from hesley_hub.demo.keys import key
from hesley_hub.demo_mail import keeping
from homes.models import Child, Home
from incidents.record.actions import ChildPart
from incidents.record.happening import Happening
from incidents.reg40.actions import Notification, record_notification
from oversight.escalation.models import Alert, Branch, Delivery
from oversight.risk.actions import assess_home
from oversight.risk.models import AssessedDay, Assessment
from tests.conftest import owner
from tests.hesley_hub.demo.conftest import NOW, mark_demo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_country")]
MIDNIGHT = start_of_day(london_day(NOW))


def nothing(done: int, total: int) -> None:
    assert 0 <= done <= total


def told() -> None:
    mark_demo()
    world.seed(now=NOW)
    history.load(now=NOW, report=nothing)


def test_the_past_is_told_whole_and_goes_on_after_a_gap() -> None:
    with owner():
        told()
        story = world.story_told()
        known = [record for record in story.records if record.recorded_on <= story.evening]
        assert history.loaded_until() == story.evening == london_day(NOW) - timedelta(days=1)
        assert not history.due(NOW)
        recorded = Event.objects.filter(kind="incidents.incident_recorded").count()
        assert recorded == sum(record.stream != "reg44" for record in known)
        assert Event.objects.filter(kind="oversight.visit_report_filed").count() == sum(
            record.stream == "reg44" for record in known
        )
        assert not Handling.objects.filter(done_at__isnull=True).exists()
        assert not Delivery.objects.exclude(state="sent").exists()
        later = Event.objects.filter(as_of__gt=MIDNIGHT).exclude(kind="hub.history_loaded")
        assert not later.exists()
        # What is open waits for people of today: nobody is asked for an answer that was due long ago.
        assert not Branch.objects.filter(state="waiting", due_at__lt=MIDNIGHT).exists()
        looks = Assessment.objects.filter(home__urn="DEMO001", picture="overseers").order_by("-as_of")
        assert [look.assessed_on for look in looks[:2]] == [london_day(NOW), story.evening]
        assert {look.tier for look in looks[:2]} == {"escalate"}
        assert history.load(now=NOW, report=nothing) == 0
        assert keeping.read(1) is not None, "the latest mail of the past is shown"
        after_a_gap_of_ten_days_the_story_goes_on_without_a_flood_of_mail()


def after_a_gap_of_ten_days_the_story_goes_on_without_a_flood_of_mail() -> None:
    later = NOW + timedelta(days=10)
    mails = Delivery.objects.count()
    incidents = Event.objects.filter(kind="incidents.incident_recorded").count()
    assert history.due(later)
    world.seed(now=later)
    assert history.load(now=later, report=nothing) == 10
    assert history.loaded_until() == london_day(later) - timedelta(days=1)
    assert AssessedDay.objects.filter(day__gte=london_day(NOW)).count() == 10
    assert Event.objects.filter(kind="incidents.incident_recorded").count() > incidents
    assert Delivery.objects.count() - mails < 30
    midnight = start_of_day(london_day(later))
    assert not Branch.objects.filter(state="waiting", due_at__lt=midnight).exists()
    assert not Delivery.objects.exclude(state="sent").exists()
    assert crossing.suggestion(later) is not None


def test_three_notices_by_the_manager_open_the_regulators_alert_as_suggested() -> None:
    with owner():
        told()
    proposed = crossing.suggestion(NOW)  # as the website, which reads through the eyes of ofsted
    assert proposed is not None
    assert not proposed.already_open
    assert (proposed.records[0].stream, proposed.records[0].count) == ("reg40", 3)
    assert "3 Reg 40 notifications" in str(proposed)
    with owner():
        home = Home.objects.get(urn="DEMO001")
        children = list(Child.objects.resident(home.pk, NOW)[:3])
        reached = []
        for child in children:
            happening = Happening(
                home=home,
                occurred_at=NOW - timedelta(hours=2),
                known_at=NOW - timedelta(hours=1),
                narrative="[A] was hurt.",
                severity=proposed.records[0].severity,
                children=[ChildPart(child=child)],
            )
            record_notification(
                notification=Notification(happening=happening, event="40(4)(e)"),
                by=key("person", "manager"),
                now=NOW,
            )
            assess_home(home=home.pk, day=london_day(NOW), now=NOW)
            alert = Alert.objects.get(home=home, picture="overseers", kind="change", ended_at__isnull=True)
            reached.append(alert.tier)
        assert reached == ["escalate", "escalate", "regulator"]
        told_now = Branch.objects.filter(alert=alert, state="waiting").values_list(
            "organisation__name", flat=True
        )
        assert {"Ofsted", "Northmoor Council", "Eastvale Council"} <= set(told_now)
        after = crossing.suggestion(NOW)
        assert after is not None
        assert after.already_open
        assert "--fresh" in str(after)


def test_pages_can_tell_that_the_past_is_being_told() -> None:
    assert not progress.behind()
    progress.write(3, 10)
    assert progress.behind()
    progress.write(10, 10)
    assert not progress.behind()


def test_nothing_is_suggested_before_there_is_a_home_or_a_history() -> None:
    with owner():
        mark_demo()
        assert crossing.suggestion(NOW) is None
        world.seed(now=NOW)
        assert crossing.suggestion(NOW) is None
