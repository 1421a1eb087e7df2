"""The mail server: not there, busy, greylisting, refusing one recipient, gone before its 250, silent, slow, with a wrong certificate."""

from functools import partial

from faults import certificates
from faults.hub import hold
from faults.run import Plan, Scene
from faults.sink import Manner

REFUSED = "lado@"
ONE = "duty@authority1"


def refuse(scene: Scene) -> None:
    """Connections are refused; then the server is back."""
    scene.at_some_instant()
    scene.hub.sink.kill()
    scene.last(4, 7)
    scene.hub.sink.start()


def misbehave(scene: Scene, manner: Manner, who: str = "", others: bool = False) -> None:
    """A manner for some seconds, for everybody or for one recipient; others: the others' e-mails go on meanwhile."""
    scene.at_some_instant()
    scene.hub.manner(manner, who)
    if others:
        scene.until_mails(6)
    scene.last(4, 7)
    scene.hub.manner(Manner.ACCEPT)


def unknown(scene: Scene) -> None:
    """550 to one desk of three for the whole run: the others are mailed, the ladder goes past it."""
    scene.dead = (ONE,)
    scene.hub.manner(Manner.UNKNOWN, ONE)
    scene.until_mails(20)
    hold(4)


def wrong_certificate(scene: Scene) -> None:
    """A certificate that nobody has signed for: nothing is handed over, until the right one is there."""
    before = scene.hub.mails_taken()
    scene.until_more(40)
    hold(4)
    if scene.hub.mails_taken() != before:
        raise RuntimeError("an e-mail was handed to a server whose certificate does not hold")
    scene.hub.sink.end()
    scene.hub.certificate = scene.right_certificate
    scene.hub.sink.start()


def unanswered(scene: Scene) -> None:
    """Every e-mail is taken and nobody ever answers: the ladders climb, and begin again at their end."""
    scene.at_some_instant()
    third = "select count(*) from oversight_step where number >= 3"
    scene.until(
        lambda: scene.hub.statement(third)[0][0] >= 3, "no branch reached its third step", seconds=150
    )


PLANS = (
    Plan("F9", "mail: connections refused", refuse, quick=True),
    Plan("F9b", "mail: 421 busy", partial(misbehave, manner=Manner.BUSY)),
    Plan("F9c", "mail: 451 greylisted", partial(misbehave, manner=Manner.GREYLIST)),
    Plan("F9d", "mail: 550 for one desk, for good", unknown),
    Plan("F9e", "mail: taken, then gone before the 250", partial(misbehave, manner=Manner.DROP)),
    Plan("F9f", "mail: one recipient's server answers a byte a second", partial(misbehave, manner=Manner.TARPIT, who=ONE, others=True)),
    Plan("F9g", "mail: silent in the middle of an e-mail", partial(misbehave, manner=Manner.HANG)),
    Plan("F9h", "mail: a certificate that does not hold", wrong_certificate, prepare=certificates.prepare),
    Plan("F10", "mail: taken and never answered", unanswered),
)  # fmt: skip
