"""The worker: killed whole, a child of it, in the middle of an e-mail, between an e-mail's 250 and its note; held for long."""

from signal import SIGCONT

from faults.hub import hold
from faults.run import Plan, Scene
from faults.sink import Manner
from hesley_hub.launching.process import wait_until

#: Between two writes of the worker; each is committed with the others or not at all.
POINTS = ("relay_before_stamp", "delivery_after_attempt", "climb_before_commit")

#: One e-mail in hand at a time: then one is repeated at most.
ONE = {"HUB_DELIVERY_SLOTS": "1"}


def kill_whole(scene: Scene) -> None:
    """kill -9 of master and children while they work; another is started."""
    scene.at_some_instant()
    scene.hub.worker.kill()
    scene.ended(2)
    scene.last(0.5, 4)
    scene.hub.worker.start()


def kill_child(scene: Scene) -> None:
    """kill -9 of one of the two children, three times; the master makes another."""
    for _ in range(3):
        scene.at_some_instant()
        scene.kill_child_of(scene.hub.worker)
        scene.ended()


def kill_at_points(scene: Scene) -> None:
    """A child ends itself at each place where half of something is done."""
    for point in POINTS:
        scene.at_some_instant()
        scene.hub.order(point)
        scene.hub.await_obeyed(point)
        scene.ended()


def kill_during_data(scene: Scene) -> None:
    """kill -9 of the worker while the mail server has heard half of an e-mail."""
    scene.hub.manner(Manner.HANG)
    hanging = scene.hub.folder / "hanging"
    if not wait_until(hanging.exists, seconds=60):
        raise RuntimeError("no e-mail was begun")
    scene.hub.worker.kill()
    scene.ended(2)
    scene.hub.manner(Manner.ACCEPT)
    scene.hub.worker.start()


def kill_after_250(scene: Scene) -> None:
    """A child ends itself when the mail server has taken an e-mail and nothing says so yet: one repeat, same Message-ID."""
    for _ in range(2):
        scene.at_some_instant()
        scene.hub.order("delivery_after_accepted")
        scene.hub.await_obeyed("delivery_after_accepted")
        scene.ended()


def hold_past_the_lease(scene: Scene) -> None:
    """A child is stopped with an e-mail taken and not noted, until its lease is over and another worker has sent it again;
    then it goes on, and must not close what is no longer its own."""
    scene.hub.second_worker.start()
    scene.hub.order("delivery_after_accepted", "stop")
    scene.hub.await_obeyed("delivery_after_accepted")
    scene.ended()
    hold(float(scene.hub.environment["HUB_DELIVERY_LEASE"]) + 4)
    for worker in (scene.hub.worker, scene.hub.second_worker):
        worker.signal(SIGCONT)


PLANS = (
    Plan("F3", "worker: kill -9 of master and children", kill_whole, quick=True),
    Plan("F3b", "worker: kill -9 of a child, three times", kill_child),
    Plan("F3c", "worker: kill -9 while an e-mail is being sent", kill_during_data),
    Plan(
        "F3d",
        "worker: kill -9 between an e-mail's 250 and its note",
        kill_after_250,
        quick=True,
        environment=ONE,
    ),
    Plan("F3e", "worker: kill -9 before each kind of commit", kill_at_points),
    Plan(
        "F4",
        "worker: stopped past its lease, then let go on",
        hold_past_the_lease,
        quick=True,
        environment=ONE,
    ),
)
