"""The clock that prompts: killed, gone for long, there twice. It decides nothing: what is due stands in the database."""

from faults.run import Plan, Scene

NO_SKEW = "one machine has one clock; the hub's processes read it, and the database dates leases by its own"
ALMANAC = (
    "nothing is killed in it: tests/events/test_deadlines_by_almanac.py holds every deadline to an almanac"
)


def kill(scene: Scene) -> None:
    """kill -9 of beat; another is started on its schedule."""
    scene.at_some_instant()
    scene.hub.beat.kill()
    scene.hub.beat.start()


def absent(scene: Scene) -> None:
    """No beat while steps fall due; it catches up when it is back."""
    scene.at_some_instant()
    scene.hub.beat.kill()
    scene.last(10, 14)
    scene.hub.beat.start()


def double(scene: Scene) -> None:
    """Two of them from now on: everything is prompted twice."""
    scene.at_some_instant()
    scene.hub.second_beat.start()
    scene.last(8, 12)


PLANS = (
    Plan("F11", "clock: kill -9", kill),
    Plan("F11b", "clock: gone for twelve seconds", absent),
    Plan("F11c", "clock: two of them", double),
    Plan("F11d", "clock: hours wrong on one machine", double, not_run=NO_SKEW),
    Plan("F12", "clock: changes of summer time, leap day, month ends", double, not_run=ALMANAC),
)
