"""What people try to add to an alert: answers, decisions and what came of them."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.db import models

from oversight.escalation.deciding import models as deciding
from oversight.escalation.models import Acknowledgement, Alert, Branch, Seen
from tests.access.attempts import Act, adds, other
from tests.access.laid_out import TODAY, Ground
from tests.access.readers import ALERT
from tests.cast import NOW


def answers() -> Iterator[Act]:
    def seen(ground: Ground, alert: str, by: UUID) -> models.Model:
        return Seen(alert_id=ground.key(Alert, alert), by_id=by, at=NOW)

    def answer(ground: Ground, alert: str, branch: str, by: UUID, organisation: str = "") -> models.Model:
        of = organisation or branch.split()[-1]
        return Acknowledgement(
            alert_id=ground.key(Alert, alert), branch_id=ground.key(Branch, branch), by_id=by, post="x", at=NOW, decide_by=NOW,
            organisation=ground.cast.organisations[of],
        )  # fmt: skip

    yield from _decided(answer)
    for alert, readers in ALERT.items():
        yield adds(f"{alert} seen", readers, lambda g, me, alert: seen(g, alert, me), alert=alert)
        yield adds(
            f"{alert} seen by another", "",
            lambda g, me, alert: seen(g, alert, other(g, me, "asha", "ben")), alert=alert,
        )  # fmt: skip
    for alert, of, by in (
        ("elm", "alder", "asha ben dan"),
        ("elm overseers", "calderbrook", "jon"),
        ("elm overseers", "northmoor", "fran hal"),
        ("elm told", "calderbrook", "jon ines"),
        ("elm told", "icb", "kim"),
        ("oak", "larch", "cerys"),
        ("yew kept", "eastvale", "gita"),
    ):
        yield adds(
            f"{alert} answered for {of}", by, lambda g, me, a, of: answer(g, a, f"{a} {of}", me), a=alert, of=of)  # fmt: skip
        yield adds(
            f"{alert} answered for {of} in another's name", "",
            lambda g, me, a, of: answer(g, a, f"{a} {of}", other(g, me, "asha", "jon")), a=alert, of=of,
        )  # fmt: skip
    yield adds(
        "an answer by the regulator at the end of another's ladder", "mo",
        lambda g, me: answer(g, "oak overseers", "oak overseers calderbrook", me, "ofsted"),
    )  # fmt: skip
    yield adds(
        "an answer on the ladder of an alert not seen", "",
        lambda g, me: answer(g, "elm", "elm overseers calderbrook", me, "alder"),
    )  # fmt: skip
    yield adds(
        "an answer on another organisation's ladder", "",
        lambda g, me: answer(g, "elm overseers", "elm overseers northmoor", me, "calderbrook"),
    )  # fmt: skip


def alarms() -> Iterator[Act]:
    for name, by in (("me", "quin"), ("another", "")):
        who = "nullif(current_setting('app.viewer', true), '')::uuid" if name == "me" else "%(asha)s"
        yield Act(
            "oversight_operatoralarm", f"an alarm put right by {name}", by,
            statement=f"update oversight_operatoralarm set cleared_at = now(), cleared_by_id = {who} where id = %(stuck)s",
        )  # fmt: skip


def _decided(answer: Callable[..., models.Model]) -> Iterator[Act]:
    """What people add to an alert after its answer, each as the organisation whose ladder it is."""

    def row(ground: Ground, alert: str, of: str, by: UUID) -> dict[str, Any]:
        return {
            "alert_id": ground.key(Alert, alert), "by_id": by, "post": "x", "at": NOW,
            "organisation": ground.cast.organisations[of],
        }  # fmt: skip

    def decision(ground: Ground, alert: str, branch: str, of: str, by: UUID) -> models.Model:
        return deciding.Decision(
            branch_id=ground.key(Branch, branch),
            number=9,
            acts=False,
            reason="x",
            **row(ground, alert, of, by),
        )

    def outcome(ground: Ground, alert: str, of: str, by: UUID) -> models.Model:
        return deciding.Outcome(
            decision_id=ground.key(deciding.Decision, alert), result="same", what="x", measured_on=TODAY,
            **row(ground, alert, of, by),
        )  # fmt: skip

    def told(ground: Ground, alert: str, of: str, by: UUID) -> models.Model:
        return deciding.ProviderTold(
            number=9, how="meeting", told_on=TODAY, who="x", may_say="x", **row(ground, alert, of, by)
        )

    def signed(ground: Ground, alert: str, of: str, by: UUID) -> models.Model:
        return deciding.Closing(tier="escalate", reason="x", **row(ground, alert, of, by))

    for alert, of, by in (
        ("elm", "alder", "asha ben dan"),
        ("elm overseers", "calderbrook", "jon"),
        ("elm told", "icb", "kim"),
        ("yew kept", "eastvale", "gita"),
    ):
        overseers = "" if alert == "elm" else by
        branch = f"{alert} {of}"
        given = {"a": alert, "of": of}
        yield adds(
            f"{branch} decided", by, lambda g, me, a, of, b: decision(g, a, b, of, me), b=branch, **given)  # fmt: skip
        yield adds(
            f"{branch} decided in another's name", "",
            lambda g, me, a, of, b: decision(g, a, b, of, other(g, me, "asha", "jon")), b=branch, **given,
        )  # fmt: skip
        yield adds(f"{branch} told the provider", overseers, lambda g, me, a, of: told(g, a, of, me), **given)
        yield adds(f"{branch} signed", by, lambda g, me, a, of: signed(g, a, of, me), **given)
        yield adds(
            f"{branch} signed in another's name", "",
            lambda g, me, a, of: signed(g, a, of, other(g, me, "asha", "jon")), **given,
        )  # fmt: skip
    yield adds("an outcome of Ofsted's", "mo", lambda g, me: outcome(g, "oak overseers", "ofsted", me))
    yield adds("another's outcome", "", lambda g, me: outcome(g, "elm overseers", "calderbrook", me))
    yield adds(
        "a decision on another organisation's ladder", "",
        lambda g, me: decision(g, "elm overseers", "elm overseers northmoor", "calderbrook", me),
    )  # fmt: skip
    yield adds(
        "a signature for an organisation that was not told", "",
        lambda g, me: signed(g, "oak overseers", "northmoor", me),
    )  # fmt: skip
