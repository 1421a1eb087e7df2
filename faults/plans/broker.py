"""The broker: killed, gone for long, emptied, full, not there when the hub starts. It holds nothing that is owed to anybody."""

from faults.run import Plan, Scene


def kill(scene: Scene) -> None:
    """kill -9 of Valkey, which keeps nothing on disk; it comes back empty."""
    scene.at_some_instant()
    scene.hub.valkey.kill()
    scene.last(0.5, 2)
    scene.hub.valkey.start()


def gone(scene: Scene) -> None:
    """No Valkey for a while: records are taken and e-mails leave all the same."""
    scene.at_some_instant()
    scene.hub.valkey.kill()
    scene.until_more(20)
    scene.until_mails(5)
    scene.last(4, 8)
    scene.until_mails(5)
    scene.hub.valkey.start()


def flush(scene: Scene) -> None:
    """FLUSHALL, again and again: every prompt that waits is gone."""
    for _ in range(8):
        scene.until_more(scene.random.randint(3, 12))
        scene.valkey("FLUSHALL")


def full(scene: Scene) -> None:
    """Valkey takes nothing more: each write is refused."""
    scene.at_some_instant()
    scene.valkey("CONFIG", "SET", "maxmemory", "1")
    scene.until_more(20)
    scene.until_mails(5)
    scene.last(2, 5)
    scene.valkey("CONFIG", "SET", "maxmemory", "128mb")


def absent(scene: Scene) -> None:
    """The hub was started without Valkey: records, alerts and e-mails go on; it comes later."""
    scene.until_more(30)
    scene.until_mails(5)
    scene.hub.valkey.start()
    scene.hub.worker.await_ready()


PLANS = (
    Plan("F5", "broker: kill -9, comes back empty", kill, quick=True),
    Plan("F5b", "broker: gone for ten seconds", gone),
    Plan("F5c", "broker: emptied eight times", flush, quick=True),
    Plan("F5d", "broker: full", full),
    Plan("F5e", "broker: absent when the hub starts", absent, without=("valkey",)),
)
