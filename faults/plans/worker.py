"""The worker: killed whole, a child of it, in the middle of an e-mail, between an e-mail's 250 and its note; held for long."""

from faults.run import Plan, Scene


def kill_whole(scene: Scene) -> None:
    """kill -9 of master and children while they work; another is started."""
    scene.at_some_instant()
    scene.hub.worker.kill()
    scene.crashes += 2
    scene.last(0.5, 4)
    scene.hub.worker.start()


PLANS = (Plan("F3a", "worker: kill -9 of master and children", kill_whole, quick=True),)
