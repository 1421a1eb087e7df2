"""What people try to do through the product's own actions in the world laid out, and who may, in names.

Tried with row-level security off, as the owner: only what Python checks stands in the way.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from homes import models as homes
from homes.access import NotAllowedError, home_or_refuse, to_record
from homes.consents import actions as consents
from homes.consents import queries as consenting
from homes.crossing import seal_of
from incidents.lado import actions as lado
from incidents.record import actions as recording
from incidents.record import rights
from incidents.record.models import Duty, Incident
from oversight.escalation import actions as escalation
from oversight.escalation.deciding import actions as deciding
from oversight.escalation.deciding.actions import NewTelling
from oversight.escalation.models import Alert, Branch
from oversight.matters import actions as matters
from oversight.matters.models import MatterLink
from oversight.visits import actions as visiting
from oversight.visits.models import Recommendation, Visit
from tests.access.laid_out import TODAY, Ground
from tests.access.readers import ALERT, ELM, OAK
from tests.cast import NOW
from voice.heard import actions as hearing
from voice.heard.models import Done, View


@dataclass(frozen=True)
class Deed:
    """do: raises NotAllowedError where the person may not. by: who may."""

    what: str
    by: str
    do: Callable[[Ground, UUID], Any]

    def outcome(self, ground: Ground, me: UUID) -> str:
        try:
            self.do(ground, me)
        except NotAllowedError:
            return "refused"
        return "done"


def deed(what: str, by: str, action: Callable[..., Any], /, **given: Callable[[Ground], Any]) -> Deed:
    """given: what the action is called with beside by and now, found in the world when it is tried."""

    def do(ground: Ground, me: UUID) -> Any:
        return action(**{name: find(ground) for name, find in given.items()}, by=me, now=NOW)

    return Deed(what, by, do)


def row(model: type[Any], name: str) -> Callable[[Ground], Any]:
    return lambda ground: model.objects.get(pk=ground.key(model, name))


def told(record: str) -> Callable[[Ground], Any]:
    return lambda ground: Duty.objects.select_related("incident__home").get(pk=ground.key(Duty, record))


def just(value: Any) -> Callable[[Ground], Any]:
    return lambda _: value


#: Who may record what at Elm.
RECORDING = {
    "reg40": "asha ben dan",
    "lado": "asha ben dan ines jon",
    "whistleblowing": "mo jon ines fran gita",
    "complaint": "asha ben dan fran gita hal",
    "hospital": "asha ben dan lee",
    "view": "asha ben dan efe fran gita hal ola pat",
    "reg44": "efe",
}


def _records(what: str) -> Callable[[Ground, UUID], Any]:
    if what in ("view", "reg44"):
        return lambda g, me: to_record(me, g.cast.elm.pk, what, NOW)
    return lambda g, me: rights.author(me, g.cast.elm, what, NOW)


def _recorded() -> Iterator[Deed]:
    for what, by in RECORDING.items():
        yield Deed(f"record {what}", by, _records(what))
    for record, by in (
        ("elm lado", "mo ines fran hal"),
        ("elm hospital", "mo lee gita"),
        ("elm for hospital", "mo"),
        ("oak hospital", "mo lee"),
        ("elm whistle", ""),
        ("lado ines", "mo jon"),
        ("yew hospital", ""),
    ):
        yield Deed(f"judge whether to share {record}", by, _judges(record))
        yield deed(
            f"share {record}",
            by,
            recording.share_with_provider,
            incident=row(Incident, record),
            why=just("x"),
        )
    for record in ("elm own", "elm complaint"):
        yield Deed(f"judge whether to share {record}", "", _judges(record))
    for record, by in (
        ("elm own", "asha ben dan"),
        ("elm lou", "asha ben dan"),
        ("elm complaint", "asha dan"),
        ("elm lado", "ines"),
        ("elm whistle", "mo"),
        ("elm hospital", "lee"),
        ("oak own", "cerys"),
        ("lado ines", "jon"),
    ):
        yield deed(
            f"say who was told of {record}", by, recording.record_told, duty=told(record), at=just(NOW)
        )
    for record, by in (
        ("elm lado", "ines"),
        ("elm own lado", "ines"),
        ("elm own", ""),
        ("elm reg40 ben", ""),
        ("lado ines", ""),
    ):
        yield deed(
            f"decide on {record}", by, lado.record_outcome, incident=row(Incident, record),
            outcome=just("substantiated"),
        )  # fmt: skip
    yield Deed("send an outcome", "ines", _sent)
    yield deed(
        "send an outcome still to come", "", lado.send_outcome_to_home, incident=row(Incident, "elm lado")
    )


def _judges(record: str) -> Callable[[Ground, UUID], Any]:
    """What the page asks before it offers to share."""
    return lambda g, me: rights.must(
        rights.decides_on_sharing(me, row(Incident, record)(g), NOW), "decide on sharing"
    )


def _sent(ground: Ground, me: UUID) -> None:
    lado.send_outcome_to_home(incident=row(Incident, "elm own found")(ground), by=me, now=NOW)


def _heard() -> Iterator[Deed]:
    def new(child: str, home: str) -> Callable[[Ground], Any]:
        return lambda g: hearing.NewView(
            child=getattr(g.cast, child),
            home=g.home(home),
            said_at=NOW,
            method="speech",
            heard_by="x",
            words="x",
        )

    yield deed(
        "hear Rowan at Elm", "asha ben dan efe fran hal ola pat", hearing.record_view, new=new("rowan", "elm")
    )
    yield deed("hear Sky at Elm", "asha ben dan efe gita", hearing.record_view, new=new("sky", "elm"))
    yield deed("hear Rowan at Oak", "", hearing.record_view, new=new("rowan", "oak"))
    yield deed("hear Tam at Oak", "cerys vic fran", hearing.record_view, new=new("tam", "oak"))
    for view, by in (
        ("home's", "asha ben dan efe fran hal ola"),
        ("advocate's", "efe fran hal ola"),
        ("mother's", "efe fran hal ola"),
        ("oak's", "cerys fran"),
    ):
        yield deed(
            f"answer {view}",
            by,
            hearing.record_done,
            view=row(View, view),
            what=just("x"),
            it_changed=just(False),
        )
        yield deed(
            f"tell the child of {view}",
            by,
            hearing.tell_child,
            done=row(Done, view),
            at=just(NOW),
            how=just("x"),
        )
    for view, by in (
        ("advocate's", "fran hal ola"),
        ("mother's", "fran hal ola pat"),
        ("shared", "gita"),
        ("yew's", ""),
    ):
        yield deed(f"share {view}", by, hearing.share_with_provider, view=row(View, view), why=just("x"))


def _visited() -> Iterator[Deed]:
    def new(home: str) -> Callable[[Ground], Any]:
        return lambda g: visiting.NewVisit(home=g.home(home), visited_on=TODAY)

    def report(visit: str) -> Callable[[Ground], Any]:
        return lambda g: visiting.NewReport(
            visit=row(Visit, visit)(g), safeguarded="yes", safeguarded_reasons="x", well_being="yes",
            well_being_reasons="x",
        )  # fmt: skip

    yield deed("visit Elm", "efe", visiting.record_visit, new=new("elm"))
    yield deed("visit Oak", "vic", visiting.record_visit, new=new("oak"))
    yield deed("report on another's visit", "", visiting.file_report, new=report("elm former"))
    yield deed("report on Elm", "efe", visiting.file_report, new=report("elm unreported"))
    yield deed(
        "raise a concern at Elm", "efe", visiting.raise_significant_concern,
        new=lambda g: visiting.NewConcern(home=g.cast.elm, what="x"),
    )  # fmt: skip
    for home, by in (("elm", "efe"), ("oak", "vic")):
        yield deed(
            f"close what was recommended at {home}", by, visiting.close_recommendation,
            recommendation=row(Recommendation, home), answer=just("x"),
        )  # fmt: skip
    yield deed(
        "keep a visitor's draft", "efe", visiting.save_draft, home=lambda g: g.cast.elm,
        visit=row(Visit, "elm unreported"), part=just("x"), typed=just({}), done=just(False),
    )  # fmt: skip


def _replies(alert: str, record: str) -> Callable[[Ground, UUID], Any]:
    def do(ground: Ground, me: UUID) -> None:
        Alert.objects.filter(pk=ground.key(Alert, alert)).update(evidence=[record])
        of = row(Alert, alert)(ground)
        deciding.tell_reporter(alert=of, reference=record, words="Thank you.", by=me, now=NOW)

    return do


def told_already(alert: str) -> Callable[[Ground], Any]:
    """The seal that the form bears."""
    return lambda g: deciding.telling_seal(deciding.latest_telling(row(Alert, alert)(g)))


def board_seen(child: str) -> Callable[[Ground], Any]:
    """The seal that the form bears."""
    return lambda g: seal_of(consenting.board_said(consenting.board_named(getattr(g.cast, child))).says)


def _asked() -> Iterator[Deed]:
    for child, whose, by in (
        ("sky", "authority", "gita"),
        ("sky", "child", "asha ben dan"),
        ("tam", "authority", "fran"),
        ("tam", "child", "cerys"),
    ):
        yield deed(
            f"consent for {child}'s {whose}", by, consents.give_consent, placement=row(homes.Placement, child),
            whose=just(whose), spoken_by=just("x"),
        )  # fmt: skip
    for whose, by in (("authority", "hal fran"), ("child", "hal ola asha ben dan")):
        yield deed(
            f"withdraw Rowan's {whose} consent", by, consents.withdraw_consent,
            consent=row(homes.CaseConsent, f"rowan {whose}"),
        )  # fmt: skip
    for child, by in (("rowan", "hal fran"), ("sky", "gita"), ("tam", "fran")):
        yield deed(
            f"name {child}'s board", by, consents.name_board, child=row(homes.Child, child),
            board=lambda g: g.cast.organisations["icb"], opened=board_seen(child),
        )  # fmt: skip


def _decided() -> Iterator[Deed]:
    for link in ("elm", "oak"):
        for what in (matters.confirm, matters.refuse):
            yield deed(
                f"{what.__name__} {link}",
                "mo",
                what,
                link=row(MatterLink, link),
                reason=just("x"),
                opened=just(""),
            )
    for alert, by in ALERT.items():
        yield deed(f"see {alert}", by, escalation.mark_seen, alert=row(Alert, alert))
    for alert, ladder, by in (
        ("elm", "alder", "asha dan"),
        ("elm overseers", "calderbrook", "jon"),
        ("elm overseers", "northmoor", "fran"),
        ("elm told", "calderbrook", "jon ines"),
        ("elm told", "icb", "kim"),
        ("oak", "larch", "cerys"),
        ("oak overseers", "calderbrook", "jon"),
        ("yew kept", "eastvale", "gita"),
        ("elm overseers", "ofsted", ""),
    ):
        answers: tuple[tuple[Callable[..., Any], dict[str, Any]], ...] = (
            (escalation.acknowledge, {"note": just("x")}),
            (escalation.hand_on, {}),
        )
        for does, more in answers:
            yield deed(
                f"{does.__name__} {alert} for {ladder}", by, does, alert=row(Alert, alert),
                branch=row(Branch, f"{alert} {ladder}"), **more,
            )  # fmt: skip
    for alert, by in (
        ("elm overseers", "jon fran"),
        ("elm told", "jon ines kim"),
        ("oak overseers", "jon"),
        ("yew kept", "gita"),
        ("elm", ""),
    ):
        yield deed(
            f"say how the provider is told of {alert}", by, deciding.record_provider_told, alert=row(Alert, alert),
            telling=just(NewTelling("meeting", TODAY, "x", "x")), opened=told_already(alert),
        )  # fmt: skip
    for alert, record, by in (
        ("elm overseers", "R elm own", "fran"),
        ("elm told", "R elm own lado", "ines"),
        ("elm told", "R elm own", ""),
        ("elm overseers", "R elm whistle", ""),
    ):
        yield Deed(f"reply to {record} behind {alert}", by, _replies(alert, record))
    yield Deed("open Elm", ELM, lambda g, me: home_or_refuse(me, "DEMO001", NOW))
    yield Deed("open Oak", OAK, lambda g, me: home_or_refuse(me, "DEMO002", NOW))
    yield Deed("open Oak once closed", "", lambda g, me: home_or_refuse(me, "DEMO9", NOW + timedelta(days=1)))


def deeds() -> list[Deed]:
    return [*_recorded(), *_heard(), *_visited(), *_asked(), *_decided()]
