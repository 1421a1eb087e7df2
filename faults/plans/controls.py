"""The controls: the same checker on three common ways to do it. Each must lose something, or the checker proves nothing."""

from signal import SIGCONT, SIGSTOP

from faults.apps import CONTROL
from faults.hub import hold
from faults.run import Plan, Scene


def broker_gone_at_commit(scene: Scene) -> None:
    """Records are committed while there is no broker to hear of them."""
    scene.at_some_instant()
    scene.hub.valkey.kill()
    scene.until_more(60)
    scene.hub.valkey.start()


def killed_with_mail_in_hand(scene: Scene) -> None:
    """A worker's child ends itself between its note and the sending, five times."""
    for _ in range(5):
        scene.hub.order("delivery_after_attempt")
        scene.hub.await_obeyed("delivery_after_attempt")


def emptied(scene: Scene) -> None:
    """The worker is held while messages gather, then the broker is emptied."""
    for _ in range(3):
        scene.hub.worker.signal(SIGSTOP)
        scene.until_more(25)
        scene.valkey("FLUSHALL")
        scene.hub.worker.signal(SIGCONT)
        hold(1)


CONTROLS = (
    ("on_commit and .delay only", "on_commit_only", broker_gone_at_commit),
    ("noted as sent before it is sent", "marked_before_sent", killed_with_mail_in_hand),
    ("the broker as the only queue", "broker_only", emptied),
)
PLANS = tuple(
    Plan(f"C{number}", f"control: {title}", strike, must_fail=True, environment={CONTROL: module})
    for number, (title, module, strike) in enumerate(CONTROLS, start=1)
)
