"""Why an alert was raised: what each stream adds, what speaks against, and the total against its bars."""

from dataclasses import dataclass
from math import floor

from oversight.dashboards.charts.drawing import Table, line, num, picture, rect, runs, width_of, words
from oversight.dashboards.charts.palette import ESCALATE, INK, INK_2, LINE, PAPER, PETROL


@dataclass(frozen=True)
class Part:
    """What one stream adds to the total: `weight` for the alert, below nought against it. Seen may be None."""

    name: str
    seen: int | None
    expected: float | None
    weight: float
    uncertain: bool = False  # an allowance for uncertainty: its bar is hollow


@dataclass(frozen=True)
class Bar:
    """A value of the total at which a level begins."""

    name: str
    value: float


@dataclass(frozen=True)
class ContributionData:
    title: str
    parts: tuple[Part, ...]
    bars: tuple[Bar, ...] = ()

    @property
    def total(self) -> float:
        return sum(part.weight for part in self.parts)


def shown_weights(data: ContributionData) -> tuple[float, ...]:
    """Weights in tenths that add up to the total in tenths: what rounding took goes back to where it was largest."""
    exact = [part.weight * 10 for part in data.parts]
    lower = [floor(value + 1e-9) for value in exact]
    short = round(data.total * 10) - sum(lower)
    order = sorted(range(len(exact)), key=lambda place: (lower[place] - exact[place], place))
    for place in order[:short]:
        lower[place] += 1
    return tuple(value / 10 for value in lower)


def signed(value: float) -> str:
    """A weight with one decimal and its sign, a true minus where it speaks against."""
    if round(value, 1) == 0:
        return "0.0"
    return f"+{value:.1f}" if value > 0 else f"−{-value:.1f}"


@dataclass(frozen=True)
class _Place:
    zero: float
    unit: float
    narrow: bool


def _place(data: ContributionData, width: int) -> _Place:
    narrow = width < 500
    left = 0 if narrow else 262
    against = max(0.0, -min((part.weight for part in data.parts), default=0.0))
    most = max(data.total, *(bar.value for bar in data.bars), *(part.weight for part in data.parts), 1.0)
    unit = (width - left - (66 if narrow else 96)) / (most + against)
    unit = min(unit, (width - left - 30) / 2 if against else unit)
    return _Place(left + max(against * unit, 26 if narrow else 16), unit, narrow)


def _bar(part: Part, weight: float, place: _Place, y: float) -> str:
    """One bar from nought and its figure."""
    length = max(abs(part.weight) * place.unit, 1.5) if weight else 0
    right = place.zero + length
    if not weight:
        return words(place.zero + 7, y + 15, "0.0 says nothing either way", size=14, colour=INK_2)
    if weight < 0:
        hollow = rect(place.zero - length, y, length, 20, PAPER, f'stroke="{PETROL}" stroke-width="1.8"')
        return hollow + words(
            place.zero + 7, y + 15, f"{signed(weight)} speaks against", size=14, weight=700, colour=PETROL
        )
    look = f'stroke="{ESCALATE}" stroke-width="1.5"' if part.uncertain else ""
    drawn = rect(place.zero, y, length, 20, PAPER if part.uncertain else ESCALATE, look)
    return drawn + words(right + 6, y + 15, signed(weight), size=14, weight=700)


def _numbers(part: Part) -> tuple[str, str]:
    seen = "" if part.seen is None else str(part.seen)
    expected = "" if part.expected is None else f"{part.expected:.1f}"
    return seen, expected


def _row(part: Part, weight: float, place: _Place, y: float, width: int) -> str:
    seen, expected = _numbers(part)
    if place.narrow:
        told = f"{seen} seen, {expected} expected" if seen and expected else ""
        said = [(part.name, INK, 700)] + ([(f" {told}", INK_2, 400)] if told else [])
        name = runs(0, y + 14, said, size=15)
        return name + _bar(part, weight, place, y + 20)
    return (
        words(0, y + 22, part.name, size=16, weight=700)
        + words(172, y + 22, seen, size=16, weight=700, anchor="end")
        + words(246, y + 22, expected, size=16, colour=INK_2, anchor="end")
        + _bar(part, weight, place, y + 7)
        + line(0, y + 35, width, y + 35, LINE, 1)
    )


def _ticks(data: ContributionData, place: _Place, y: float, width: int) -> list[str]:
    """The bars as ticks through the total, named under it; names that would touch go a line lower."""
    drawn: list[str] = []
    taken: list[tuple[int, float, float]] = []
    for bar in sorted(data.bars, key=lambda bar: bar.value):
        x = place.zero + bar.value * place.unit
        name = f"{bar.name} {bar.value:.1f}"
        half = width_of(name, 13, 700) / 2
        middle = min(max(x, half), width - half)
        row = next(
            row
            for row in range(len(data.bars))
            if all(
                other != row or middle - half > end + 8 or middle + half < start - 8
                for other, start, end in taken
            )
        )
        taken.append((row, middle - half, middle + half))
        reached = data.total >= bar.value
        weight, colour = (700, INK) if reached else (400, INK_2)
        drawn.append(line(x, y - 4, x, y + 24, INK, 2))
        drawn.append(
            words(middle, y + 39 + 17 * row, name, size=13, weight=weight, colour=colour, anchor="middle")
        )
    return drawn


def _arrow(x: float, way: int) -> str:
    """A small arrow pointing away from nought; drawn, since not every face has one."""
    head = f"l{-3 * way} -3m{3 * way} 3l{-3 * way} 3"
    return f'<path d="M{num(x)} 28h{11 * way}{head}" fill="none" stroke="{INK_2}" stroke-width="1.2"/>'


def contributions(data: ContributionData, width: int = 780, key: str = "why") -> str:
    """SVG at 780 (column of a desk), 702 (A4) or 358 (phone) px."""
    place = _place(data, width)
    shown = shown_weights(data)
    step, top = (50, 8) if place.narrow else (36, 42)
    body: list[str] = []
    if not place.narrow:
        body += [words(172, 14, "Seen", size=13, colour=INK_2, anchor="end")]
        body += [words(246, 14, "Expected", size=13, colour=INK_2, anchor="end")]
        body += [words(place.zero - 22, 32, "against", size=13, colour=INK_2, anchor="end")]
        body += [words(place.zero + 22, 32, "for the alert", size=13, colour=INK_2)]
        body += [_arrow(place.zero - 6, -1), _arrow(place.zero + 6, 1)]
    for number, (part, weight) in enumerate(zip(data.parts, shown, strict=True)):
        body.append(_row(part, weight, place, top + number * step, width))
    bottom = top + len(data.parts) * step
    if place.narrow:
        body += [
            line(place.zero, top + n * step + 18, place.zero, top + n * step + 42, INK, 1.6)
            for n in range(len(shown))
        ]
    else:
        body.append(line(place.zero, 20, place.zero, bottom, INK, 1.6))
    body += _total(data, place, bottom + (8 if place.narrow else 14), width)
    return picture(key, width, bottom + (98 if place.narrow else 86), data.title, described(data), body)


def _total(data: ContributionData, place: _Place, y: float, width: int) -> list[str]:
    start = place.zero
    length = max(data.total, 0) * place.unit
    label_y = y + 15
    figure = f"{sum(shown_weights(data)):.1f}"
    if place.narrow:
        drawn = [words(0, label_y, f"Total {figure}", size=15, weight=700)]
        y += 20
    else:
        drawn = [words(0, label_y, "Total", size=16, weight=700)]
        drawn.append(words(246, label_y, figure, size=17, weight=700, anchor="end"))
    drawn.append(rect(start, y, length, 20, ESCALATE))
    return drawn + _ticks(data, place, y, width)


def described(data: ContributionData) -> str:
    parts = [
        f"{part.name} {signed(weight)}." for part, weight in zip(data.parts, shown_weights(data), strict=True)
    ]
    parts.append(f"Total {data.total:.1f}.")
    parts += [f"{bar.name} {bar.value:.1f}." for bar in data.bars]
    return " ".join(parts)


def contributions_table(data: ContributionData) -> Table:
    rows = [
        (part.name, *(number or "–" for number in _numbers(part)), signed(weight))
        for part, weight in zip(data.parts, shown_weights(data), strict=True)
    ]
    rows.append(("Total", "", "", f"{sum(shown_weights(data)):.1f}"))
    rows += [(bar.name, "", "", f"{bar.value:.1f}") for bar in data.bars]
    return Table(data.title, ("Stream", "Seen", "Expected", "Weight"), tuple(rows))
