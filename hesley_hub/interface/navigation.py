"""What stands in the header for each post, as data: the pages that its holder comes for, most needed first."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One link of the header. `counts` says that the alerts waiting for an answer are counted beside it."""

    text: str
    href: str
    counts: bool = False


ALERTS = Place("Alerts", "/alerts/", counts=True)
RECORD = Place("Record", "/record/")
VISITS = Place("Visits", "/visits/")
AREA = Place("Our area", "/area/")
OUR_HOMES = Place("Our homes", "/authority/")
NATION = Place("National list", "/nation/")

PLACES: dict[str, tuple[Place, ...]] = {
    "registered_manager": (RECORD, ALERTS),
    "deputy_manager": (RECORD, ALERTS),
    "staff": (RECORD,),
    "responsible_individual": (Place("Our homes", "/provider/"), ALERTS, RECORD),
    "records_holder": (),
    "visitor": (VISITS,),
    "visitor_commissioner": (VISITS,),
    "placing_authority": (OUR_HOMES, ALERTS, RECORD),
    "social_worker": (RECORD,),
    "lado": (AREA, ALERTS, RECORD),
    "host_authority": (AREA, ALERTS, RECORD),
    "icb_lead": (AREA, ALERTS),
    "hospital_staff": (RECORD,),
    "inspector": (NATION, ALERTS, RECORD),
    "cqc_inspector": (NATION, ALERTS),
    "advocate": (),
    "family": (),
    "administrator": (
        Place("Homes", "/homes/import/"),
        Place("People", "/hub/people/"),
        Place("Alarms", "/hub/alarms/"),
    ),
}

#: Posts at one home have their home in the header, before everything else.
AT_A_HOME = ("registered_manager", "deputy_manager", "staff", "records_holder")
START = Place("Start", "/")
