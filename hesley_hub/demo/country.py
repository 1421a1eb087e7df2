"""The invented country: authorities, boards, hospitals, providers and homes. The regulators alone are real bodies."""

from dataclasses import dataclass
from typing import NamedTuple

from homes.roles import Kind


@dataclass(frozen=True)
class Body:
    """An organisation: its short key, name and kind, and the one it is part of."""

    key: str
    name: str
    kind: Kind
    part_of: str = ""


class HomeSpec(NamedTuple):
    """A home of the demonstration. kind as in homes.models.Home."""

    name: str
    town: str
    host: str
    provider: str
    places: int
    kind: str = "home"


HOSTS = ("northmoor", "eastvale", "calderbrook", "westhaven", "thornshire", "marshwick")
FURTHER = ("ashmere", "harrowdale", "fellbridge", "stonely", "brackmouth", "ousedale")
AUTHORITIES = (*HOSTS, *FURTHER)
ICB_OF = {
    "northmoor": "calder_icb",
    "calderbrook": "calder_icb",
    "eastvale": "vale_icb",
    "marshwick": "vale_icb",
    "westhaven": "haven_icb",
    "thornshire": "haven_icb",
}
HOSPITAL_OF = {"calder_icb": "calder_royal", "vale_icb": "vale_general", "haven_icb": "haven_district"}

PROVIDERS = {
    "alder": "Alder Vale Care",
    "sallow": "Sallow Hill Education and Care",
    "larch": "Larch Homes",
    "merrow": "Merrowby Children",
    "kestrel": "Kestrel Lane Care",
    "ferndale": "Ferndale Trust",
    "tideway": "Tideway Homes",
    "bramble": "Bramble and Stone",
    "hearth": "Hearth Lane Homes",
    "wren": "Wrenfold",
    "cobble": "Cobblestone Care",
    "juniper": "Juniper Short Breaks",
    "lantern": "Lantern Row",
    "harbour": "Harbour Light Children",
    "oxbow": "Oxbow Schools and Homes",
    "skylark": "Skylark House",
}

BODIES: tuple[Body, ...] = (
    Body("ofsted", "Ofsted", Kind.REGULATOR),
    Body("cqc", "Care Quality Commission", Kind.REGULATOR),
    *(Body(name, f"{name.title()} Council", Kind.LOCAL_AUTHORITY) for name in AUTHORITIES),
    Body("calder_icb", "Calder Integrated Care Board", Kind.ICB),
    Body("vale_icb", "Eastern Vale Integrated Care Board", Kind.ICB),
    Body("haven_icb", "Haven Integrated Care Board", Kind.ICB),
    Body("calder_royal", "Calder Royal Infirmary", Kind.HOSPITAL, "calder_icb"),
    Body("vale_general", "Eastern Vale General Hospital", Kind.HOSPITAL, "vale_icb"),
    Body("haven_district", "Haven District Hospital", Kind.HOSPITAL, "haven_icb"),
    *(Body(short, name, Kind.PROVIDER) for short, name in PROVIDERS.items()),
    Body("visitors", "Independent Visitors Trust", Kind.VISITOR_BODY),
    Body("advocacy", "Plain Voices Advocacy", Kind.ADVOCACY),
    Body("family", "Families", Kind.FAMILY),
    Body("hub", "Hesley Hub", Kind.HUB),
)

#: Three homes of one provider, whose totals are those published for three real settings (story.py).
RECONSTRUCTED: tuple[HomeSpec, ...] = (
    HomeSpec("Ashgarth Hall", "Westhaven", "westhaven", "sallow", 28, "residential_school"),
    HomeSpec("Linden Court", "Westhaven", "westhaven", "sallow", 28, "residential_school"),
    HomeSpec("Moorend House", "Westhaven", "westhaven", "sallow", 28, "residential_school"),
)
#: The home of `manager` stands first.
ORDINARY: tuple[HomeSpec, ...] = (
    HomeSpec("Brackenfield House", "Calderbrook", "calderbrook", "alder", 8, "home_disability"),
    HomeSpec("Quarry View", "Thornbury Cross", "thornshire", "larch", 5),
    HomeSpec("Tarn Lodge", "Calderbrook", "calderbrook", "alder", 6),
    HomeSpec("Beck House", "Calderbrook", "calderbrook", "alder", 4),
    HomeSpec("Orchard End", "Northmoor", "northmoor", "alder", 4),
    HomeSpec("Pike House", "Thornbury Cross", "thornshire", "larch", 4),
    HomeSpec("Rowan Bank", "Upper Thorn", "thornshire", "larch", 3),
    HomeSpec("The Hollies", "Westhaven", "westhaven", "merrow", 6),
    HomeSpec("Saltmarsh", "Eastvale", "eastvale", "merrow", 5),
    HomeSpec("Ferry House", "Westhaven", "westhaven", "merrow", 4),
    HomeSpec("Orchard Mews", "Westhaven", "westhaven", "kestrel", 5),
    HomeSpec("Mill Row", "Marshwick", "marshwick", "kestrel", 3),
    HomeSpec("Copse View", "Marshwick", "marshwick", "kestrel", 4),
    HomeSpec("Ferndale", "Northmoor", "northmoor", "ferndale", 6),
    HomeSpec("Weir Cottage", "Northmoor", "northmoor", "ferndale", 2),
    HomeSpec("Tideway House", "Eastvale", "eastvale", "tideway", 5),
    HomeSpec("Sandpiper", "Eastvale", "eastvale", "tideway", 4),
    HomeSpec("Gull Lane", "Eastvale", "eastvale", "tideway", 3),
    HomeSpec("Bramble Rise", "Calderbrook", "calderbrook", "bramble", 4),
    HomeSpec("Stonecroft", "Calderbrook", "calderbrook", "bramble", 5),
    HomeSpec("Hearthstone", "Marshwick", "marshwick", "hearth", 4),
    HomeSpec("Lane End", "Marshwick", "marshwick", "hearth", 3),
    HomeSpec("Chapel House", "Marshwick", "marshwick", "hearth", 6),
    HomeSpec("Wrenfold", "Thornbury Cross", "thornshire", "wren", 5),
    HomeSpec("Little Wren", "Upper Thorn", "thornshire", "wren", 2),
    HomeSpec("Cobble Yard", "Northmoor", "northmoor", "cobble", 4),
    HomeSpec("Tannery Place", "Northmoor", "northmoor", "cobble", 3),
    HomeSpec("Long Acre", "Northmoor", "northmoor", "cobble", 5),
    HomeSpec("Juniper", "Eastvale", "eastvale", "juniper", 6, "short_break"),
    HomeSpec("Juniper West", "Westhaven", "westhaven", "juniper", 5, "short_break"),
    HomeSpec("Lantern House", "Calderbrook", "calderbrook", "lantern", 4),
    HomeSpec("Foss View", "Calderbrook", "calderbrook", "lantern", 4),
    HomeSpec("Harbour Light", "Westhaven", "westhaven", "harbour", 7, "home_disability"),
    HomeSpec("Beacon House", "Westhaven", "westhaven", "harbour", 4),
    HomeSpec("Capstan", "Westhaven", "westhaven", "harbour", 3),
    HomeSpec("Oxbow School", "Upper Thorn", "thornshire", "oxbow", 12, "residential_school"),
    HomeSpec("Oxbow Lodge", "Upper Thorn", "thornshire", "oxbow", 8, "home_disability"),
    HomeSpec("Skylark House", "Eastvale", "eastvale", "skylark", 5),
    HomeSpec("Meadow Pipit", "Marshwick", "marshwick", "skylark", 4),
    HomeSpec("Linnet", "Marshwick", "marshwick", "skylark", 3),
)
HOMES: dict[str, HomeSpec] = {
    f"DEMO{number:03d}": spec for number, spec in enumerate((*ORDINARY, *RECONSTRUCTED), start=1)
}
MANAGERS_HOME = "DEMO001"
SECOND_HOME = "DEMO002"
RECONSTRUCTED_URNS = tuple(urn for urn, spec in HOMES.items() if spec in RECONSTRUCTED)

#: Desks by kind of organisation: (desk, hours, name of the mailbox).
_ALWAYS, _DAY, _NIGHT = "always", "working", "out_of_hours"
_AUTHORITY = (
    ("duty", _DAY, "placements-duty"),
    ("duty", _NIGHT, "emergency-duty"),
    ("lado", _ALWAYS, "lado"),
    ("safeguarding", _DAY, "safeguarding"),
    ("safeguarding", _NIGHT, "emergency-duty"),
    ("senior", _ALWAYS, "head-of-service"),
    ("director", _ALWAYS, "director"),
    ("social_care", _DAY, "social-care"),
    ("social_care", _NIGHT, "emergency-duty"),
)
_REGULATOR = (
    ("duty", _DAY, "duty"),
    ("duty", _NIGHT, "out-of-hours"),
    ("senior", _ALWAYS, "regional"),
    ("director", _ALWAYS, "director"),
)
_BOARD = (
    ("duty", _ALWAYS, "duty"),
    ("safeguarding", _ALWAYS, "safeguarding"),
    ("senior", _ALWAYS, "chief-nurse"),
    ("director", _ALWAYS, "director"),
)
_PROVIDER = (
    ("duty", _ALWAYS, "on-call"),
    ("senior", _ALWAYS, "responsible-individual"),
    ("director", _ALWAYS, "board"),
)
MAILBOXES: dict[Kind, tuple[tuple[str, str, str], ...]] = {
    Kind.LOCAL_AUTHORITY: _AUTHORITY,
    Kind.REGULATOR: _REGULATOR,
    Kind.ICB: _BOARD,
    Kind.PROVIDER: _PROVIDER,
    Kind.HOSPITAL: (("duty", _ALWAYS, "safeguarding"),),
    Kind.VISITOR_BODY: (("duty", _ALWAYS, "duty"),),
    Kind.ADVOCACY: (("duty", _ALWAYS, "duty"),),
}
