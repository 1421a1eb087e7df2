"""The checker finds out everything that it is there to find out: each case below spoils one thing of a run without fault."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from faults.checker import Alert, Expected, Found, Owed, Record, Step, Taken, check
from faults.ledger import Acknowledged, Attempted, Ledger

HOME, REGULATOR, AUTHORITY, PROVIDER = "DEMO1", "regulator", "authority", "provider"
LEDGER = Ledger(
    attempted=(Attempted("k1", HOME, death=False, at=1), Attempted("k2", HOME, death=True, at=2)),
    acknowledged=(Acknowledged("k1", "R-1", 1, 1.5), Acknowledged("k2", "R-2", 3, 2.5)),
)
RECORDS = [Record("i1", "k1", "R-1", HOME, 1.2), Record("i2", "k2", "R-2", HOME, 2.2)]
ALERTS = [
    Alert("a1", "overseers", "i2", HOME, "rule"),
    Alert("a2", "provider", "i2", HOME, "rule"),
    Alert("a3", "overseers", "", HOME, "rate"),
]
STEPS = [
    Step("s1", "a1", "b1", REGULATOR, 1, opened_at=3, due_at=27),
    Step("s2", "a1", "b1", REGULATOR, 2, opened_at=28, due_at=52),
    Step("s3", "a1", "b2", AUTHORITY, 1, opened_at=3, due_at=27, waiting=False),
    Step("s4", "a2", "b3", PROVIDER, 1, opened_at=3, due_at=27, waiting=False),
]
OWED = [Owed(f"d{n}", f"<m{n}>", f"desk{n}@x", "sent", 3, (f"s{n}",)) for n in (1, 2, 3, 4)]
TAKEN = [Taken("<m1>", 4), Taken("<m2>", 29), Taken("<m3>", 4), Taken("<m4>", 4)]
FOUND = Found(RECORDS, ALERTS, STEPS, OWED, TAKEN, at=60)
EXPECTED = Expected({HOME: [REGULATOR, AUTHORITY]}, healed_at=10)


def test_a_run_without_fault_is_good() -> None:
    verdict = check(LEDGER, FOUND, EXPECTED)
    assert verdict.good, verdict.wrong
    assert (verdict.attempted, verdict.acknowledged, verdict.recovered) == (2, 2, 1)
    assert (verdict.alerts, verdict.mails, verdict.repeated_mails) == (3, 4, 0)
    assert verdict.slowest == 2, "step 2 fell due at 27 and was mailed at 29"


def but(**changed: Any) -> Callable[[], tuple[Ledger, Found, Expected]]:
    """The run without fault, with parts of it replaced."""
    parts: list[Any] = [LEDGER, FOUND, EXPECTED]
    for name, value in changed.items():
        place = next(n for n, part in enumerate(parts) if name in part.__dataclass_fields__)
        parts[place] = replace(parts[place], **{name: value})
    return lambda: (parts[0], parts[1], parts[2])


def with_owed(number: int, **changed: Any) -> list[Owed]:
    return [replace(one, **changed) if one.id == f"d{number}" else one for one in OWED]


STRANGER = Record("i3", "k3", "R-3", HOME, 5)
WRONG = {
    "an acknowledged record is not there": ("lost", but(records=RECORDS[1:])),
    "it stands there under another reference": (
        "lost",
        but(records=[replace(RECORDS[0], reference="R-9"), RECORDS[1]]),
    ),
    "a death without its alert for those who oversee": ("lost", but(alerts=ALERTS[1:], steps=STEPS[3:])),
    "a death without its alert for the provider": (
        "lost",
        but(alerts=[ALERTS[0], ALERTS[2]], steps=STEPS[:3]),
    ),
    "a death of which an authority has no step": ("lost", but(steps=[*STEPS[:2], STEPS[3]])),
    "an e-mail noted as sent that nobody took": ("lost", but(taken=TAKEN[:3])),
    "an e-mail still owed": ("lost", but(owed=with_owed(3, state="owed"))),
    "an e-mail given up": ("lost", but(owed=with_owed(3, state="dead"))),
    "a step without any e-mail": ("lost", but(owed=OWED[:3], taken=TAKEN[:3])),
    "an event that nobody dealt with": ("lost", but(unhandled=1)),
    "an event that a handler gave up on": ("lost", but(parked=1)),
    "one submission in two records": ("duplicated", but(records=[*RECORDS, replace(RECORDS[0], id="i9")])),
    "two alerts of one record": ("duplicated", but(alerts=[*ALERTS, replace(ALERTS[0], id="a9")])),
    "two open alerts of one home and kind": (
        "duplicated",
        but(alerts=[*ALERTS, replace(ALERTS[2], id="a9")]),
    ),
    "two e-mails for one step to one address": (
        "duplicated",
        but(
            owed=[*OWED, replace(OWED[0], id="d9", message_id="<m9>")],
            taken=[*TAKEN, Taken("<m9>", 5)],
        ),
    ),
    "an e-mail repeated without a crash": ("duplicated", but(taken=[*TAKEN, TAKEN[0]])),
    "two repeated, one crash": ("duplicated", but(taken=[*TAKEN, *TAKEN[:2]], crashes=1)),
    "a step mailed a minute after it was due": ("late", but(taken=[TAKEN[0], Taken("<m2>", 88), *TAKEN[2:]])),
    "a branch that stopped climbing": ("late", but(at=200)),
    "a record that nobody sent": ("unexpected", but(records=[*RECORDS, STRANGER])),
    "an e-mail that nobody owed": ("unexpected", but(taken=[*TAKEN, Taken("<m9>", 5)])),
    "a refusal": ("unexpected", but(refused=("400: no",))),
}


@pytest.mark.parametrize(("column", "spoilt"), WRONG.values(), ids=list(WRONG))
def test_what_is_wrong_is_found_under_its_column(
    column: str, spoilt: Callable[[], tuple[Ledger, Found, Expected]]
) -> None:
    verdict = check(*spoilt())
    assert not verdict.good
    assert getattr(verdict, column) > 0, verdict.wrong
    others = {"lost", "duplicated", "late", "unexpected"} - {column}
    assert all(getattr(verdict, name) == 0 for name in others), verdict.wrong


ALLOWED = {
    "acknowledged to nobody, yet stored": but(acknowledged=LEDGER.acknowledged[1:]),
    "tried, and neither stored nor acknowledged": but(
        attempted=(*LEDGER.attempted, Attempted("k9", HOME, death=False, at=9))
    ),
    "one repeat for one crash": but(taken=[*TAKEN, TAKEN[0]], crashes=1),
    "a repeat where the server went away before its 250": but(taken=[*TAKEN, replace(TAKEN[0], said=False)]),
    "refused for good, as the fault has it": but(owed=with_owed(3, state="dead"), taken=[*TAKEN[:2], TAKEN[3]], dead=("desk3",)),
    "withheld, since nobody there may be told": but(
        owed=with_owed(3, state="dead", withheld=True), taken=[*TAKEN[:2], TAKEN[3]]
    ),
    "owed a moment ago": but(owed=[*OWED, Owed("d9", "<m9>", "desk@x", "owed", 55)]),
    "a heartbeat that was missed": but(owed=[*OWED, Owed("d9", "<m9>", "desk@x", "dead", 5, binding=False)]),
    "an alert of an episode that is over": but(alerts=[*ALERTS, replace(ALERTS[2], id="a9", ended=True)]),
    "the poison that was put in": lambda: (LEDGER, replace(FOUND, parked=1), replace(EXPECTED, parked=1)),
    "late, but within a minute of the end of the fault": but(
        taken=[TAKEN[0], Taken("<m2>", 88), *TAKEN[2:]], healed_at=40
    ),
}  # fmt: skip


@pytest.mark.parametrize("run", ALLOWED.values(), ids=list(ALLOWED))
def test_what_is_allowed_is_not_blamed(run: Callable[[], tuple[Ledger, Found, Expected]]) -> None:
    verdict = check(*run())
    assert verdict.good, verdict.wrong
