"""Every address of the hub, filled with the keys of one thing each."""

from collections.abc import Iterator

from hesley_hub.access.routes import Thing
from tests.access.addresses import Address, Things, filled
from tests.hesley_hub.looking.conftest import Everything


def addresses(found: Everything) -> Iterator[Address]:
    """One or more addresses of every route; the first key of each thing."""
    world = found.world
    incident = next(iter(found.incidents.values()))
    at_home = (Thing.HOME, Thing.RECORDS, Thing.CHILDREN, Thing.VISITS, Thing.MATTERS, Thing.GLASS)
    keys = {thing: [world.elm.urn] for thing in at_home}
    keys |= {
        Thing.RECORD: [incident.reference],
        Thing.DUTY: [str(found.duties[0])],
        Thing.MATTER: [str(key) for key in found.links[:1]] or [str(world.elm.pk)],
        Thing.ALERT: [found.alerts[0].reference],
        Thing.CHILD: [str(world.rowan.pk)],
        Thing.CASE: [str(world.rowan.pk)],
        Thing.LOOKS_AT_CHILD: [str(world.rowan.pk)],
        Thing.LOOKS_OF_PERSON: [str(world.asha.pk)],
        Thing.VIEW: [str(found.view.pk)],
        Thing.VISIT: [str(found.visit.pk)],
        Thing.REPORT: [str(found.visit.pk)],
        Thing.CONCERN: [found.concern.reference],
        Thing.PROVIDER: [str(world.organisations["alder"].pk)],
        Thing.DESKS: [str(world.organisations["alder"].pk)],
        Thing.PEOPLE: [str(world.asha.pk)],
        Thing.DRAFT: ["01890000-0000-7000-8000-000000000000"],
        Thing.ALARMS: ["01890000-0000-7000-8000-000000000000"],
        Thing.ACCOUNT: ["1"],
        Thing.STREAM: ["reg40"],
    }
    things = Things(keys=keys)
    things.home_of = {key: world.elm.urn for values in keys.values() for key in values}
    # What is taken away comes first: the pages of one's own account end the proof of who one is.
    yield from sorted(filled(things), key=lambda one: not one.route.endswith("-csv"))
