"""A right to be told that ends between the e-mail that is owed and its sending."""

from faults import acts
from faults.run import Plan, Scene
from faults.sink import Manner

OWED = "select count(*) from oversight_delivery where address = '{}' and state = 'owed'"
LEAVE = (
    "update homes_placement set ends_at = now() where home_id = (select id from homes_home where urn = '{}')"
)
WITHHELD = """
select count(*) from oversight_delivery d join oversight_attempt a on a.delivery_id = d.id
where d.address = '{}' and d.state = 'dead' and a.result like 'withheld%'"""


def leave_before_the_mail(scene: Scene) -> None:
    """An alert is owed to a placing authority, whose last child leaves before the mail server is back: nothing is sent to it."""
    scene.at_some_instant()
    apart = scene.world["apart"]
    scene.hub.manner(Manner.BUSY)
    acts.run(scene.hub, "open_look", apart["urn"])
    owed = OWED.format(apart["mailbox"])
    scene.until(lambda: scene.hub.statement(owed)[0][0] > 0, "nothing was owed to the placing authority")
    scene.hub.statement(LEAVE.format(apart["urn"]))
    scene.hub.manner(Manner.ACCEPT)
    withheld = WITHHELD.format(apart["mailbox"])
    scene.until(lambda: scene.hub.statement(withheld)[0][0] > 0, "it was not withheld")
    if apart["mailbox"] in scene.hub.taken.read_text():
        raise RuntimeError("an authority was told of a home at which it has no child")


PLANS = (Plan("F18", "access: the last child leaves between queue and sending", leave_before_the_mail),)
