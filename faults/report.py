"""What a suite prints and writes: a line per fault, and the same as JSON."""

from collections.abc import Iterable, Sequence
from typing import Any

from faults.run import Result, summed

COLUMNS = (
    "attempted",
    "acknowledged",
    "lost",
    "duplicated",
    "late",
    "unexpected",
    "recovered",
    "repeated_mails",
)
HEADS = ("tried", "acked", "lost", "dupl.", "late", "unexp.", "recov.", "repeats")
COUNTED = (*COLUMNS, "alerts", "mails")


def head() -> str:
    return f"{'fault':<5} {'seed':>4} " + " ".join(f"{name:>7}" for name in HEADS) + "  what"


def line(one: Result) -> str:
    """One run, and under it what was wrong with it."""
    if one.not_run:
        return f"{one.plan.name:<5} {one.seed:>4} {'not run: ' + one.not_run}"
    numbers = " ".join(f"{getattr(one.verdict, name):>7}" for name in COLUMNS)
    text = f"{one.plan.name:<5} {one.seed:>4} {numbers}  {one.plan.title}; {_word(one)}, {one.seconds:.0f} s"
    more = [f"note: {note}" for note in one.notes]
    if one.trouble:
        more.append(f"could not be carried out: {one.trouble}")
    if not one.plan.must_fail:
        more += one.verdict.wrong[:10]
    return "\n".join([text, *(f"           {extra}" for extra in more)])


def _word(one: Result) -> str:
    if one.plan.must_fail:
        return "found out, as it must be" if one.good else "PASSED, AND MUST NOT"
    return "ok" if one.good else "FAILED"


def totals(results: Sequence[Result]) -> str:
    """The last lines: everything but the controls, together."""
    faults = [one for one in results if not one.plan.must_fail]
    whole = summed(faults)
    ran = [one for one in faults if not one.not_run]
    controls = [one for one in results if one.plan.must_fail]
    found = sum(one.good for one in controls)
    return (
        f"{len(ran)} runs of {len({one.plan.name for one in ran})} faults: {whole.acknowledged:,} acknowledged, "
        f"lost {whole.lost}, duplicated {whole.duplicated}, late {whole.late}, unexpected {whole.unexpected}; "
        f"{whole.mails:,} e-mails, {whole.repeated_mails} of them repeated with the same Message-ID, "
        f"the slowest {whole.slowest:.0f} s after it was due; controls found out: {found} of {len(controls)}"
    )


def as_json(results: Iterable[Result], machine: str) -> dict[str, Any]:
    """{"machine": ..., "faults": {"F1": {"title": ..., "lost": 0, ..., "runs": [...]}}}; seconds are of the wall clock."""
    by_name: dict[str, list[Result]] = {}
    for one in results:
        by_name.setdefault(one.plan.name, []).append(one)
    return {"machine": machine, "faults": {name: _of_fault(runs) for name, runs in by_name.items()}}


def _of_fault(runs: Sequence[Result]) -> dict[str, Any]:
    whole = summed(runs)
    return {
        "title": runs[0].plan.title,
        "must_fail": runs[0].plan.must_fail,
        "good": all(one.good for one in runs),
        **{name: getattr(whole, name) for name in COUNTED},
        "slowest_seconds": round(whole.slowest, 1),
        "runs": [
            {
                "seed": one.seed,
                "good": one.good,
                "not_run": one.not_run,
                "trouble": one.trouble,
                "seconds": round(one.seconds, 1),
                "notes": list(one.notes),
                "wrong": one.verdict.wrong[:50],
                **{name: getattr(one.verdict, name) for name in COUNTED},
            }
            for one in runs
        ],
    }
