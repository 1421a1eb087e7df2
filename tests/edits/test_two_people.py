"""Two people, or two devices, before the same form: nobody overwrites the other unawares, and no word is lost."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from events import relay
from events.clock import LONDON, london_day
from events.context import acting_as
from events.identity import new_id
from homes.models import (
    CaseConsent,
    DutyMailbox,
    MailboxChange,
    Organisation,
    Placement,
    Post,
    ResponsibleBoard,
)
from incidents.models import Duty, Incident, LadoOutcome
from incidents.record.models import Stream
from oversight.escalation.models import Acknowledgement, Alert
from oversight.matters.models import MatterLink
from oversight.visits.actions import NewRecommendation
from oversight.visits.models import Recommendation, VisitDraft, VisitReport
from tests.cast import Cast
from tests.conftest import owner, worker
from tests.incidents.recording.driver import Walk, day
from tests.incidents.recording.test_walks import reg40
from tests.oversight.escalation.conftest import death, opened, raised, record
from tests.oversight.escalation.test_ladders import branch_of
from tests.oversight.matters.test_matters import ago, only_link, proposed, recorded
from tests.oversight.visits import world as made
from tests.oversight.visits.test_pages import parts, started
from tests.sealed import seal_on, send
from voice.heard import actions as voice
from voice.heard.models import Done, View

Desk = Callable[[str], Client]
pytestmark = pytest.mark.django_db


def both(answer: Any) -> dict[str, tuple[str, str]]:
    """Question -> (what it says now, what you wrote), as the page shows them."""
    text = r"((?:(?!</t[hd]>).)*)"
    row = rf'<tr><th scope="row">{text}</th><td data-label="What it says now">{text}</td>'
    row += rf'<td data-label="What you wrote">{text}</td></tr>'
    rows = re.findall(row, answer.content.decode(), re.S)
    return {unescape(label): (unescape(now), unescape(yours)) for label, now, yours in rows}


def crossed_with(answer: Any, who: str) -> dict[str, tuple[str, str]]:
    assert answer.status_code == 409
    assert f"{who} answered this while you were writing" in answer.content.decode()
    return both(answer)


def test_a_decision_on_a_matter_is_not_overruled_unawares(world: Cast, at_desk: Desk) -> None:
    recorded(world, Stream.REG40, "home", ago(world, 30))
    recorded(world, Stream.LADO, "home", ago(world, 29))
    proposed(world)
    path = f"/homes/DEMO001/matters/{only_link().pk}/"
    mo, vi = at_desk("mo"), at_desk("vi")
    first = {"decision": "same", "reason": "Same evening"} | {"opened": seal_on(mo.get(path))}
    second = {"decision": "different", "reason": "Another <child>"} | {"opened": seal_on(vi.get(path))}
    assert mo.post(path, first).status_code == 302
    late = vi.post(path, second)
    assert crossed_with(late, "Mo Okafor") == {
        "Are these two records about the same thing?": ("Yes, the same", "No, two different things"),
        "Why?": ("Same evening", "Another <child>"),
    }
    assert 'value="Another &lt;child&gt;"' in late.content.decode()
    with owner():
        assert (MatterLink.objects.get().state, MatterLink.objects.get().reason) == (
            "confirmed",
            "Same evening",
        )
    assert vi.post(path, second | {"opened": "forged"}).status_code == 409
    assert vi.post(path, second | {"opened": seal_on(late)}).status_code == 302, "on purpose"
    with owner():
        assert MatterLink.objects.get().decided_by_id == world.people["vi"].pk
    # The first person, coming back with the page as it was, is told in turn; the same form twice is once.
    assert crossed_with(mo.post(path, first | {"reason": "Sure"}), "Vi Stone")
    assert vi.post(path, second).status_code == 302


def test_whoever_shares_a_record_second_is_told_and_the_first_reason_stands(
    world: Cast, at_desk: Desk
) -> None:
    record(world, world.lee, Stream.HOSPITAL, source="hospital")
    with owner():
        path = f"/incidents/{Incident.objects.get().reference}/share/"
    mo, fran = at_desk("mo"), at_desk("fran")
    assert (mo.get(path).status_code, fran.get(path).status_code) == (200, 200)
    assert mo.post(path, {"why": "The child asked for it"}).status_code == 302
    late = fran.post(path, {"why": "The mother agrees"})
    assert crossed_with(late, "Mo Okafor") == {
        "Why may the home know of this now?": ("The child asked for it", "The mother agrees")
    }
    assert "What was recorded first stands" in late.content.decode()
    assert fran.get(path).status_code == 404
    with owner():
        assert Incident.objects.get().shared_with_provider_why == "The child asked for it"


def test_the_first_telling_stands_and_the_second_is_shown_beside_it(world: Cast, at_desk: Desk) -> None:
    Walk(world.asha, "reg40", "DEMO001").through(reg40(world))
    with owner():
        path = f"/record/told/{Duty.objects.get(code='serious_ofsted').pk}/"
    asha, ben = at_desk("asha"), at_desk("ben")
    times = [world.now - timedelta(minutes=minutes) for minutes in (20, 10)]
    told = day("told_on", times[0]) | {"reference": "SI-1"}  # which was yesterday just after midnight
    first, second = (f"{moment.astimezone(LONDON):%H:%M}" for moment in times)
    assert ben.get(path).status_code == 200
    assert asha.post(path, told | {"told_time": first}).status_code == 302
    assert asha.post(path, told | {"told_time": first}).status_code == 302, "sent twice"
    late = ben.post(path, day("told_on", times[1]) | {"told_time": second, "reference": "SI-2"})
    shown = crossed_with(late, "Asha Rahman")
    assert shown["At what time?"] == (first, second)
    assert shown["The reference that Ofsted’s form gave you"] == ("SI-1", "SI-2")
    with owner():
        assert Duty.objects.get(code="serious_ofsted").told_reference == "SI-1"


def test_two_officers_cannot_both_decide_a_referral(world: Cast, at_desk: Desk) -> None:
    record(world, world.ines, Stream.LADO, source="lado")
    with owner():
        path = f"/incidents/{Incident.objects.get().reference}/outcome/"
    ines, ivo = at_desk("ines"), at_desk("ivo")
    assert "Record the outcome" in ivo.get(path).content.decode()
    assert ines.post(path, {"outcome": "substantiated"}).status_code == 302
    late = ivo.post(path, {"outcome": "false"})
    assert crossed_with(late, "Ines Whitlock") == {
        "What is the outcome?": ("substantiated", "false"),
    }
    assert ivo.post(path, {"outcome": "substantiated"}).status_code == 302
    with owner():
        assert LadoOutcome.objects.get().outcome == "substantiated"
        assert Incident.objects.get().status == "recorded"


def test_what_a_child_was_told_and_why_the_home_may_read_it(world: Cast, at_desk: Desk) -> None:
    with acting_as(world.ola.pk, world.now):
        view = voice.record_view(
            new=voice.NewView(
                child=world.rowan,
                home=world.elm,
                said_at=world.now,
                method="speech",
                words="Knock first.",
                heard_by="Ola",
            ),
            by=world.ola.pk,
            now=world.now,
        )
        done = voice.record_done(view=view, what="A sign", it_changed=True, by=world.ola.pk, now=world.now)
    ola, hal = at_desk("ola"), at_desk("hal")
    path = f"/views/{view.pk}/"
    told = {"told_on_choice": "today"}
    assert ola.post(f"{path}told/{done.pk}/", told | {"how": "aloud"}).status_code == 302
    assert ola.post(f"{path}told/{done.pk}/", told | {"how": "aloud"}).status_code == 302
    late = hal.post(f"{path}told/{done.pk}/", told | {"how": "with symbols"})
    assert crossed_with(late, "Ola Quist") == {"How?": ("aloud", "with symbols")}
    assert ola.post(f"{path}share/", {"why": "Rowan asked me to"}).status_code == 302
    late = hal.post(f"{path}share/", {"why": "It helps"})
    assert crossed_with(late, "Ola Quist") == {
        "Why may the home read this?": ("Rowan asked me to", "It helps")
    }
    with owner():
        assert Done.objects.get().child_told_how == "aloud"
        assert View.objects.get().shared_with_provider_why == "Rowan asked me to"


def _alert(world: Cast) -> Alert:
    death(world)
    with worker():
        relay.drain(now=world.now)
    with owner():
        return Alert.objects.get(picture="overseers", tier="regulator")


def test_two_inspectors_answer_one_alert(world: Cast, at_desk: Desk) -> None:
    alert = _alert(world)
    path = f"/alerts/{alert.reference}/"
    sent = {"branch": str(branch_of(alert, "Ofsted").pk)}
    mo, vi = at_desk("mo"), at_desk("vi")
    assert vi.get(path).status_code == 200
    assert mo.post(f"{path}acknowledge/", sent | {"note": "I ring now."}).status_code == 302
    assert mo.post(f"{path}acknowledge/", sent | {"note": "I ring now."}).status_code == 302
    late = vi.post(f"{path}acknowledge/", sent | {"note": "I visit tomorrow."})
    assert crossed_with(late, "Mo Okafor") == {
        "What will you do, and by when?": ("I ring now.", "I visit tomorrow.")
    }
    assert "Acknowledge as" not in late.content.decode()
    assert vi.post(f"{path}not-me/").status_code == 302
    assert "Nothing here waits for you any more" in vi.get(path).content.decode()
    with owner():
        assert Acknowledgement.objects.get().note == "I ring now."


def test_an_answer_that_a_higher_level_overtook_comes_back_with_its_words(world: Cast, at_desk: Desk) -> None:
    alert = opened(world)
    old = branch_of(alert, "Northmoor Council")
    raised(world, tier="escalate")
    fran, path = at_desk("fran"), f"/alerts/{alert.reference}/"
    late = fran.post(f"{path}acknowledge/", {"branch": str(old.pk), "note": "I ring on <Monday>."})
    assert late.status_code == 409
    text = late.content.decode()
    assert "The alert has reached a higher level meanwhile" in text
    assert "I ring on &lt;Monday&gt;." in text
    assert str(old.pk) not in text
    branch = late.context["form"]["branch"].value()
    sent = {"branch": branch, "note": "I ring on Monday."}
    assert fran.post(f"{path}acknowledge/", sent).status_code == 302
    with owner():
        assert Acknowledgement.objects.get().branch_id != old.pk


def test_the_api_tells_the_second_who_answers_an_alert(world: Cast) -> None:
    alert = _alert(world)
    path = f"/api/v1/alerts/{alert.reference}/acknowledge/"

    def answer(name: str, note: str) -> Any:
        client = Client()
        client.force_login(world.people[name])
        return client.post(
            path, {"note": note}, content_type="application/json", headers={"Idempotency-Key": str(new_id())}
        )

    assert answer("mo", "I ring now.").status_code == 201
    late = answer("vi", "I visit tomorrow.")
    assert late.status_code == 409
    assert late.json()["now"] | {"at": ""} == {"by": "Mo Okafor", "at": "", "note": "I ring now."}
    assert late.json()["yours"] == {"note": "I visit tomorrow."}
    assert answer("vi", "I ring now.").json()["by"] == "Mo Okafor"


def test_a_desk_that_changed_is_shown_to_whoever_was_proposing(world: Cast, signed_in: Desk) -> None:
    there = f"/hub/organisation/{world.organisations['alder'].pk}/"
    dan, asha = signed_in("dan"), signed_in("asha")
    box = {"desk": "duty", "hours": "always", "phone": ""}
    stale = {"opened": seal_on(dan.get(there))}
    with owner():
        change = MailboxChange.objects.create(
            organisation=world.organisations["alder"],
            desk="duty",
            hours="always",
            old_email="duty@alder.example",
            email="nights@alder.example",
            proposed_by_id=world.quin.pk,
            proposed_at=world.now,
        )
    asha.post(f"/hub/mailbox-changes/{change.pk}/confirm/")
    with owner():
        email = DutyMailbox.objects.get(organisation=change.organisation, desk="duty").email
        assert email == "nights@alder.example"
    late = dan.post(there, box | stale | {"email": "days@alder.example"})
    shown = crossed_with(late, "Asha Rahman")
    assert shown["New e-mail address"] == ("nights@alder.example", "days@alder.example")
    again = box | {"opened": seal_on(late), "email": "days@alder.example"}
    assert dan.post(there, again).status_code == 302
    assert dan.post(there, again).status_code == 302, "sent twice: one proposal"
    with owner():
        assert MailboxChange.objects.filter(decided_at__isnull=True).count() == 1


def test_a_post_that_ended_meanwhile_is_said_to_have(world: Cast, signed_in: Desk) -> None:
    with owner():
        post = Post.objects.get(user=world.ben)
    dan, quin = signed_in("dan"), signed_in("quin")
    path = f"/hub/people/posts/{post.pk}/"
    assert dan.get(path).status_code == 200
    assert quin.post(f"{path}end/").status_code == 302
    for what in ("end", "review"):
        assert dan.post(f"{path}{what}/").status_code == 302
        assert "Ben Castle’s post has ended meanwhile" in dan.get("/hub/people/").content.decode()
    with owner():
        assert Post.objects.get(pk=post.pk).reviewed_at is None


def test_one_draft_on_two_devices(world: Cast) -> None:
    desk = Walk(world.asha, "reg40", "DEMO001")
    desk.start()
    phone = Client()
    phone.force_login(world.asha)
    path = desk.at("when/")
    at_desk, on_phone = seal_on(desk.client.get(path)), seal_on(phone.get(path))
    assert desk.client.post(f"{path}save", {"known_time": "21:00", "opened": at_desk}).status_code == 200
    assert desk.client.post(f"{path}save", {"known_time": "21:40", "opened": at_desk}).status_code == 200
    assert phone.post(f"{path}save", {"known_time": "22:15", "opened": on_phone}).status_code == 409
    late = phone.post(path, {"known_time": "22:15", "opened": on_phone})
    assert late.status_code == 409
    assert "You changed this on another page" in late.content.decode()
    assert both(late) == {"At what time?": ("21:40", "22:15")} or ("21:40", "22:15") in both(late).values()
    assert 'value="22:15"' in late.content.decode()
    # Sent once more it is kept, and now it is the desk that is told.
    phone.post(path, {"known_time": "22:15", "later": "yes", "opened": seal_on(late)})
    assert "22:15" in desk.page("when/")
    assert desk.client.post(f"{path}save", {"known_time": "21:45", "opened": at_desk}).status_code == 409


def test_what_was_checked_is_what_is_recorded(world: Cast) -> None:
    walk = Walk(world.asha, "reg40", "DEMO001")
    walk.start()
    for step, typed in reg40(world).items():
        assert walk.say(step, typed).status_code == 302
    seen = seal_on(walk.client.get(walk.at("check/")))
    what = reg40(world)["what"] | {"harm": "unknown"}
    assert walk.say("what", what).status_code == 302
    late = walk.client.post(walk.at("check/"), {"opened": seen})
    assert late.status_code == 409
    assert "Nothing is recorded yet" in late.content.decode()
    with owner():
        assert not Incident.objects.exists()
    assert walk.client.post(walk.at("check/"), {"opened": seal_on(late)}).status_code == 302
    assert walk.client.post(walk.at("check/"), {"opened": seen}).status_code == 302, "recorded already"
    with owner():
        assert Incident.objects.count() == 1


def test_one_part_of_a_report_on_two_devices(world: Cast, at_desk: Desk) -> None:
    desk, phone = at_desk("efe"), at_desk("efe")
    path = f"{started(desk)}records/"
    at_home, on_phone = seal_on(desk.get(path)), seal_on(phone.get(path))
    assert desk.post(f"{path}save/", {"records": "Rota", "opened": at_home}).status_code == 200
    assert phone.post(f"{path}save/", {"records": "Fire log", "opened": on_phone}).status_code == 409
    late = phone.post(path, {"records": "Fire log", "opened": on_phone})
    assert late.status_code == 409
    assert ("Rota", "Fire log") in both(late).values()
    assert phone.post(path, {"records": "Fire log", "opened": seal_on(late)}).status_code == 302
    with owner():
        draft = VisitDraft.objects.get(visit__isnull=False)
        assert draft.answers["records"]["typed"]["records"] == ["Fire log"]
    for part in ("concern", "details"):
        save = f"/homes/DEMO001/visits/save/{part}/"
        assert desk.post(save, {"what": "Locked door"}).status_code == 200
        assert phone.post(save, {"what": "Open door"}).status_code == 409


def test_the_report_that_was_checked_is_the_one_that_is_filed(world: Cast, at_desk: Desk) -> None:
    efe = at_desk("efe")
    visit = started(efe)
    for part, sent in parts(world).items():
        assert send(efe, f"{visit}{part}/", sent).status_code == 302
    seen = seal_on(efe.get(f"{visit}check/"))
    assert send(efe, f"{visit}records/", {"records": "Fire log."}).status_code == 302
    late = efe.post(f"{visit}check/", {"opened": seen})
    assert late.status_code == 409
    assert "Nothing is filed yet" in late.content.decode()
    with owner():
        assert not VisitReport.objects.exists()
    assert efe.post(f"{visit}check/", {"opened": seal_on(late)}).status_code == 302
    with owner():
        assert VisitReport.objects.get().findings["records"] == "Fire log."


def test_what_was_written_of_one_recommendation_never_passes_to_another(world: Cast, at_desk: Desk) -> None:
    old = made.visit(world, visited_on=london_day(world.now) - timedelta(days=30))
    earlier = [
        NewRecommendation(text=text, consider_by=date(2026, 1, 31))
        for text in ("Staff the nights.", "Fix the door.")
    ]
    made.report(world, old, recommendations=earlier)
    efe = at_desk("efe")
    visit = started(efe)
    listed = efe.get(f"{visit}earlier/").context["work"].asked.earlier
    sent: dict[str, str] = {}
    for one in listed:
        sent |= {f"became_{one.key}": "closed", f"evidence_{one.key}": f"Seen: {one.recommendation.text}"}
    assert send(efe, f"{visit}earlier/", sent).status_code == 302
    for part, answers in parts(world).items():
        assert send(efe, f"{visit}{part}/", answers).status_code == 302
    # The first of the list is closed by another visitor while the report is being written.
    first, second = (one.recommendation for one in listed)
    with owner():
        Recommendation.objects.filter(pk=first.pk).update(
            closed_at=world.now, closed_by_id=world.rut.pk, answer="Somebody else saw it"
        )
    assert send(efe, f"{visit}check/", {}).status_code == 302
    with owner():
        answered = dict(Recommendation.objects.filter(report=old.pk).values_list("text", "answer"))
    assert answered == {
        first.text: "Somebody else saw it",
        second.text: f"Seen: {second.text}",
    }


def test_consents_and_boards_are_not_recorded_over_one_another(world: Cast, at_desk: Desk) -> None:
    path = f"/children/{world.rowan.pk}/consents/"
    fran, hal = at_desk("fran"), at_desk("hal")
    with owner():
        other = Organisation.objects.create(name="Far Board", kind="icb")
        placement = str(Placement.objects.get(child=world.rowan).pk)
        CaseConsent.objects.all().delete()
    seen = seal_on(hal.get(path))
    first = {"what": "board", "board": str(world.organisations["icb"].pk)}
    assert fran.post(path, first | {"opened": seal_on(fran.get(path))}).status_code == 302
    second = {"what": "board", "board": str(other.pk)}
    late = hal.post(path, second | {"opened": seen})
    assert crossed_with(late, "Fran Varley") == {
        "Integrated care board": (world.organisations["icb"].name, "Far Board")
    }
    assert hal.post(path, second | {"opened": seal_on(hal.get(path))}).status_code == 302, "on purpose"
    given = {
        "what": "give",
        "whose": "authority",
        "placement": placement,
        "spoken_by": "Fran Varley",
        "how": "",
    }
    assert fran.post(path, given).status_code == 302
    assert fran.post(path, given).status_code == 302, "sent twice"
    late = hal.post(path, given | {"spoken_by": "The panel"})
    assert crossed_with(late, "Fran Varley") == {"Who consented?": ("Fran Varley", "The panel")}
    with owner():
        taken = {"what": "withdraw", "consent": str(CaseConsent.objects.get().pk)}
        assert ResponsibleBoard.objects.count() == 2
    assert fran.post(path, taken | {"why": ""}).status_code == 302
    late = hal.post(path, taken | {"why": "Rowan changed her mind"})
    assert crossed_with(late, "Fran Varley") == {
        "Why? Nobody need say.": ("Nothing", "Rowan changed her mind")
    }
