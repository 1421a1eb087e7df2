"""What an alarm can say beside its score, to explain it and never to raise one: marks in numbers, what records lack, and
what its records share.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from oversight.risk import engine
from oversight.risk.engine.counting import CONCERNED
from oversight.risk.engine.marks_seen import Held, held_of, marks_seen
from oversight.risk.engine.parameters import MarkSettings
from oversight.risk.queries import EngineWorld

WHISTLEBLOWING = "whistleblowing"
#: The streams whose records should carry a mark.
CARRIED_BY = {
    "adult": ("lado",),
    "severity": ("reg40", "lado", WHISTLEBLOWING, "complaint", "hospital"),
    "repeated": ("reg44",),
}
#: From how many records on, and only where it is more than half of them, they are said to share something.
SHARED_BY = 3


def beside(found: engine.Assessment, world: EngineWorld, parameters: engine.Parameters) -> dict[str, Any]:
    """What an alert keeps beside the explanation, as plain data: ``missing``, ``context``, ``shared``, ``changed_on``.

    missing: for each mark and stream, of how many records since the start it is missing. context: ``open`` what
    everybody who stands in the picture may know, ``all`` with disclosures where there are any; each as context_of gives
    it. shared: see shared_by. changed_on: the latest day (ISO), so late that marks were muted since the start, of a new
    manager or recording system; None without.
    """
    held = [_held(home, found, world, parameters) for home in _homes(found, world)]
    spoken = [
        replace(one, records=[record for record in one.records if record.stream != WHISTLEBLOWING])
        for one in held
    ]
    context = {"open": context_of(spoken, found, parameters)}
    if any(len(one.records) < len(whole.records) for one, whole in zip(spoken, held, strict=True)):
        context["all"] = context_of(held, found, parameters)
    return {
        "missing": marks_missing(held, found),
        "context": context,
        "shared": shared_by(held, found.evidence),
        "changed_on": _changed_on(held, found, parameters),
    }


def _changed_on(held: Iterable[Held], found: engine.Assessment, parameters: engine.Parameters) -> str | None:
    muted = timedelta(weeks=(parameters.marks or MarkSettings()).mute_weeks)
    days = [day for one in held for day in one.home.changed_on if found.began_on - muted < day <= found.as_of]
    return max(days).isoformat() if days else None


def marks_missing(held: Iterable[Held], found: engine.Assessment) -> list[dict[str, Any]]:
    """For each mark and stream with records since the start, as the picture holds them: how many, and without it."""
    rows = _since(held, found)
    counted = []
    for mark, streams in CARRIED_BY.items():
        for stream in streams:
            of = [record for record in rows if record.stream == stream]
            missing = sum(not _carries(record, mark) for record in of)
            if of:
                counted.append({"mark": mark, "stream": stream, "missing": missing, "of": len(of)})
    return counted


def context_of(
    held: Sequence[Held], found: engine.Assessment, parameters: engine.Parameters
) -> dict[str, Any]:
    """``marks``: each channel as MarkSeen has it, without its records; ``visits``: see visits_against."""
    seen = marks_seen(held, found.began_on, found.as_of, parameters.marks or MarkSettings())
    return {
        "marks": [
            {
                "mark": one.mark,
                "seen": one.seen,
                "of": one.of,
                "expected": one.expected,
                "points": one.points,
                "others": list(one.others) if one.others else None,
            }
            for one in seen
        ],
        "visits": visits_against(held, found),
    }


def visits_against(held: Sequence[Held], found: engine.Assessment) -> dict[str, int] | None:
    """Visits since the start with an opinion, those without any concern, and what others than the home told of since
    then and in as long a time before; None where no home's records go back so far.
    """
    began, length = found.began_on, found.as_of - found.began_on + timedelta(days=1)
    if any(one.home.begins_on > began - length for one in held):
        return None
    opinions = [record for record in _since(held, found) if record.stream == "reg44" and record.details()]
    outside = [
        record
        for one in held
        for record in one.records
        if record.source != "home" and record.stream != "reg44"
    ]
    return {
        "visits": len(opinions),
        "content": sum(not record.details() & CONCERNED for record in opinions),
        "outside": sum(began <= record.occurred_on <= found.as_of for record in outside),
        "before": sum(began - length <= record.occurred_on < began for record in outside),
    }


def shared_by(held: Iterable[Held], evidence: Sequence[str]) -> dict[str, Any]:
    """Of the records behind the alarm (visits left out): ``theme`` and ``child``, each ``seen`` of ``of``, where at
    least SHARED_BY and more than half share one. The theme by its key; never which child.
    """
    names = set(evidence)
    behind = [
        record
        for one in held
        for record in one.records
        if record.reference in names and record.stream != "reg44"
    ]
    themes = Counter(theme for record in behind for theme in set(record.themes))
    children = Counter(key for record in behind for key in {*record.child.split(";")} - {""})
    found: dict[str, Any] = {}
    for name, counted in (("theme", themes), ("child", children)):
        most = min(counted, key=lambda key: (-counted[key], key), default="")
        if counted[most] >= SHARED_BY and counted[most] * 2 > len(behind):
            found[name] = {"seen": counted[most], "of": len(behind)}
            if name == "theme":
                found[name]["theme"] = most
    return found


def _since(held: Iterable[Held], found: engine.Assessment) -> list[engine.Record]:
    return [
        record
        for one in held
        for record in one.records
        if found.began_on <= record.occurred_on <= found.as_of
    ]


def _carries(record: engine.Record, mark: str) -> bool:
    if mark == "adult":
        return bool(record.adult)
    if mark == "repeated":
        return record.repeated is not None
    return record.severity is not None


def _held(
    home: engine.Home, found: engine.Assessment, world: EngineWorld, parameters: engine.Parameters
) -> Held:
    return held_of(
        home,
        world.records.get(home.urn, ()),
        world.decisions.get(home.urn, ()),
        world.placements.get(home.urn, ()),
        found.as_of,
        found.picture,
        parameters.beds_per_unit,
    )


def _homes(found: engine.Assessment, world: EngineWorld) -> list[engine.Home]:
    if found.scope == "home":
        return [world.home(found.key)]
    homes = [home for home in world.homes if home.provider == found.key and home.begins_on <= found.as_of]
    return sorted(homes, key=lambda home: home.urn)
