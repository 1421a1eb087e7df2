"""The website: a process killed in the middle of a request, before and after its commit; its master killed."""

from faults.run import Plan, Scene
from hesley_hub.launching.process import wait_until

POINTS = ("web_before_commit", "web_after_commit")


def kill_in_a_request(scene: Scene) -> None:
    """kill -9 of the process that serves a request: with the record not yet committed, then with the 201 not yet sent."""
    for point in (*POINTS, *POINTS):
        scene.at_some_instant()
        scene.hub.order(point)
        scene.hub.await_obeyed(point)


def kill_any_child(scene: Scene) -> None:
    """kill -9 of a web process wherever it is."""
    for _ in range(3):
        scene.at_some_instant()
        scene.kill_child_of(scene.hub.web)


def kill_master(scene: Scene) -> None:
    """kill -9 of gunicorn's master: its children notice and end; it is started again."""
    scene.at_some_instant()
    children = scene.hub.web.children()
    scene.hub.web.kill_leader()
    if not wait_until(lambda: not any(map(scene.alive, children)), seconds=30):
        raise RuntimeError("orphans of the website live on")
    scene.last(0.2, 2)
    scene.hub.web.start()


PLANS = (
    Plan("F1", "website: kill -9 in a request, before and after its commit", kill_in_a_request, quick=True),
    Plan("F1b", "website: kill -9 of any child, three times", kill_any_child),
    Plan("F2", "website: kill -9 of the master", kill_master, quick=True),
)
