"""Homes as dots: how many of a list are ordinary homes that reached the bar by chance."""

from oversight.dashboards.charts.drawing import num, picture
from oversight.dashboards.charts.marks import circle_path
from oversight.dashboards.charts.palette import INK


def homes_dots(homes: int, ordinary: int, key: str = "dots") -> str:
    """SVG: `homes` dots, the last `ordinary` of them hollow and dashed, since nobody can say which they are."""
    if not 0 <= ordinary <= homes:
        raise ValueError(f"{ordinary} ordinary homes among {homes}")
    in_row, r = (12, 7.0) if homes <= 36 else (20, 4.5) if homes <= 120 else (50, 2.4)
    pitch = 2 * r + r * 0.6
    places = [(r + 1 + (n % in_row) * pitch, r + 1 + (n // in_row) * pitch * 1.25) for n in range(homes)]
    solid = "".join(circle_path(x, y, r) for x, y in places[: homes - ordinary])
    hollow = "".join(
        f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(r - 0.8)}" fill="none" stroke="{INK}" stroke-width="1.6" '
        f'stroke-dasharray="{num(r * 0.42)} {num(r * 0.36)}"/>'
        for x, y in places[homes - ordinary :]
    )
    rows = max((homes + in_row - 1) // in_row, 1)
    wide = min(homes, in_row) * pitch + 2
    body = [f'<path d="{solid}" fill="{INK}"/>' if solid else "", hollow]
    desc = (
        f"{homes} homes; expect about {ordinary} of them to be ordinary homes that reached the bar by chance."
    )
    return picture(key, wide, 2 * r + 2 + (rows - 1) * pitch * 1.25, "Homes on this list", desc, body)
