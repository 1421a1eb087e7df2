"""Counts by home, month and stream, for pages: recomputed from the records, never added up."""

from collections import Counter
from datetime import date

from oversight.risk import engine
from oversight.risk.engine.matching import known_decisions, known_records
from oversight.risk.models import HomeMonth
from oversight.risk.queries import EngineWorld

Key = tuple[str, date, str]  # picture, first day of the month, stream


def count_months(world: EngineWorld, day: date) -> None:
    """Bring the stored figures of these homes to what is known on ``day``; only what differs is written."""
    for home in world.homes:
        row = world.rows[home.urn]
        wanted = figures(world, home, day)
        stored = {(m.picture, m.month_on, m.stream): m for m in HomeMonth.objects.filter(home=row)}
        changed, new = [], []
        for key, (told, outside) in wanted.items():
            month = stored.pop(key, None)
            if month is None:
                picture, month_on, stream = key
                new.append(
                    HomeMonth(
                        picture=picture,
                        home=row,
                        month_on=month_on,
                        stream=stream,
                        told=told,
                        outside=outside,
                    )
                )
            elif (month.told, month.outside) != (told, outside):
                month.told, month.outside = told, outside
                changed.append(month)
        HomeMonth.objects.bulk_create(new)
        if changed:
            HomeMonth.objects.bulk_update(changed, ["told", "outside"])
        if stored:
            HomeMonth.objects.filter(pk__in=[month.pk for month in stored.values()]).delete()


def figures(world: EngineWorld, home: engine.Home, day: date) -> dict[Key, tuple[int, int]]:
    """(told by the home, known from outside only) for each picture, month and stream.

    A record from outside that is matched to one of the home's own counts as told: the home's record of it stands.
    """
    told: Counter[Key] = Counter()
    outside: Counter[Key] = Counter()
    pictures: tuple[engine.Picture, ...] = ("overseers", "provider")
    for picture in pictures:
        held = known_records(world.records.get(home.urn, ()), day, picture)
        decisions = known_decisions(world.decisions.get(home.urn, ()), day)
        sources = {record.reference: record.source for record in held}
        matched = set()
        for link in engine.links(held, decisions):
            if "home" in (sources[link.first], sources[link.second]):
                matched |= {link.first, link.second}
        for record in held:
            key = (picture, record.occurred_on.replace(day=1), record.stream)
            from_home = record.source in ("home", "visitor") or record.reference in matched
            (told if from_home else outside)[key] += 1
    return {key: (told[key], outside[key]) for key in sorted(told.keys() | outside.keys())}
