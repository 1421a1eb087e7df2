"""What people try to add about people: posts, invitations, employments and looks."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db import models

from events.identity import new_id
from homes import models as homes
from tests.access.attempts import Act, adds, other
from tests.access.laid_out import Ground
from tests.access.readers import ELM, OAK
from tests.cast import NOW


def people() -> Iterator[Act]:
    def post(ground: Ground, user: UUID, role: str, organisation: str, home: str = "") -> models.Model:
        return homes.Post(
            user_id=user, role=role, organisation=ground.cast.organisations[organisation], starts_at=NOW,
            home_id=ground.rows["homes_home"][home] if home else None,
        )  # fmt: skip

    zed = ("zed", "val")
    yield adds(
        "a post in Elm", "dan quin", lambda g, me: post(g, other(g, me, *zed), "staff", "alder", "elm")
    )
    yield adds("a post in Oak", "quin", lambda g, me: post(g, other(g, me, *zed), "staff", "larch", "oak"))
    yield adds("a post in Yew", "uma quin", lambda g, me: post(g, other(g, me, *zed), "staff", "yew", "yew"))
    yield adds("another's home", "quin", lambda g, me: post(g, other(g, me, *zed), "staff", "alder", "oak"))
    yield adds(
        "a post as inspector", "quin", lambda g, me: post(g, other(g, me, *zed), "inspector", "ofsted")
    )
    yield adds("a post of one's own", "", lambda g, me: post(g, me, "staff", "alder", "elm"))
    yield adds("rights of one's own", "", lambda g, me: post(g, me, "administrator", "hub"))
    yield adds(
        "an organisation", "quin", lambda g, _: homes.Organisation(name=f"New {new_id()}", kind="provider")
    )
    yield adds(
        "a home", "quin",
        lambda g, _: homes.Home(urn=new_id().hex[-12:], name="N", provider=g.cast.organisations["yew"], places=1),
    )  # fmt: skip
    yield from _invited()
    yield from _workers()
    yield from _looked()


def _invited() -> Iterator[Act]:
    def invitation(user: UUID, by: UUID, hours: int = 72, **more: Any) -> models.Model:
        end = NOW + timedelta(hours=hours)
        return homes.Invitation(user_id=user, made_by_id=by, made_at=NOW, ends_at=end, **more)

    def change(ground: Ground, organisation: str, by: UUID, **more: Any) -> models.Model:
        return homes.MailboxChange(
            organisation=ground.cast.organisations[organisation], desk="lado", hours="always", email="x@cast.example",
            proposed_by_id=by, proposed_at=NOW, **more,
        )  # fmt: skip

    yield adds("an invitation of Ben", "dan quin", lambda g, me: invitation(g.who("ben"), me))
    yield adds("an invitation of Cerys", "quin", lambda g, me: invitation(g.who("cerys"), me))
    yield adds(
        "another's invitation", "", lambda g, me: invitation(g.who("ben"), other(g, me, "dan", "quin"))
    )
    yield adds("a long invitation", "", lambda g, me: invitation(g.who("ben"), me, 99))
    yield adds("a used invitation", "", lambda g, me: invitation(g.who("ben"), me, used_at=NOW))
    yield adds("a mailbox of Alder's", "asha dan quin", lambda g, me: change(g, "alder", me))
    yield adds("a mailbox of Larch's", "cerys quin", lambda g, me: change(g, "larch", me))
    yield adds(
        "a mailbox in another's name", "", lambda g, me: change(g, "alder", other(g, me, "asha", "dan"))
    )
    yield adds(
        "a mailbox already decided", "",
        lambda g, me: change(
            g, "alder", me, decided_at=NOW, decided_by_id=other(g, me, "asha", "dan"), confirmed=True
        ),
    )  # fmt: skip


def _workers() -> Iterator[Act]:
    def works(ground: Ground, adult: str, home: str) -> models.Model:
        return homes.Employment(
            adult_id=ground.key(homes.Adult, adult), home=ground.home(home), title="x", starts_at=NOW
        )

    anywhere = " ".join(sorted({*ELM.split(), *OAK.split()}))
    yield adds("somebody who works", anywhere, lambda g, _: homes.Adult(name="New"))
    yield adds(
        "somebody with an account", "",
        lambda g, me: homes.Adult(name="New", person_id=other(g, me, "zed", "val")),
    )  # fmt: skip
    yield adds("the new worker at Elm", "asha ben dan mo nia ines", lambda g, _: works(g, "stranger", "elm"))
    yield adds("the new worker at Oak", "cerys mo nia ines", lambda g, _: works(g, "stranger", "oak"))
    yield adds("another home's worker", "", lambda g, _: works(g, "olga", "elm"))
    yield adds("somebody named in a record only", "", lambda g, _: works(g, "ben", "elm"))


def _looked() -> Iterator[Act]:
    def look(by: UUID) -> models.Model:
        return homes.Look(
            as_of=NOW, viewer=by, purpose="x", route="x", method="view", what="child", request=new_id()
        )

    def grant(ground: Ground, me: UUID, picture: str, **more: Any) -> models.Model:
        given: dict[str, Any] = {
            "user_id": me, "granted_by_id": me, "starts_at": NOW, "ends_at": NOW + timedelta(hours=24),
            "reason": "a child may be in danger tonight",
        }  # fmt: skip
        return homes.HomeGrant(
            content_object=ground.cast.oak, picture=picture, permission=Permission.objects.order_by("pk")[0],
            **(given | more),
        )  # fmt: skip

    yield adds("a look", "all", lambda _, me: look(me))
    yield adds("another's look", "", lambda g, me: look(other(g, me, "asha", "ben")))
    yield adds("broken glass", "fran gita hal jon", lambda g, me: grant(g, me, "authority"))
    yield adds("broken glass of a LADO", "ines", lambda g, me: grant(g, me, "lado"))
    yield adds("broken glass of a board", "kim", lambda g, me: grant(g, me, "icb"))
    for picture in ("provider", "regulator", "visitor", "author", "child", "visits"):
        yield adds(f"broken glass: {picture}", "", lambda g, me, p: grant(g, me, p), p=picture)
    wrong: dict[str, Callable[[Ground, UUID], dict[str, Any]]] = {
        "for another": lambda g, me: {"user_id": other(g, me, "jon", "fran")},
        "given by another": lambda g, me: {"granted_by_id": other(g, me, "jon", "fran")},
        "too long": lambda g, me: {"ends_at": NOW + timedelta(hours=24, seconds=1)},
        "later": lambda g, me: {"starts_at": NOW + timedelta(minutes=2)},
        "earlier": lambda g, me: {"starts_at": NOW - timedelta(minutes=2)},
        "without a reason": lambda g, me: {"reason": "because"},
    }
    for how, more in wrong.items():
        yield adds(
            f"broken glass {how}", "", lambda g, me, m: grant(g, me, "authority", **m(g, me)), m=more)  # fmt: skip
