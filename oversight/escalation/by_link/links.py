"""The signed link of an e-mail. It is put in as the e-mail leaves, so that no table and no backup of one holds it."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import Q

from homes.models import Post
from oversight.escalation.plans import PlannedRung

#: Stands in the text of an owed e-mail where its link will be.
PLACE = "{the link of this e-mail}"
_SALT = "an answer by link"


def offer(rung: PlannedRung, now: datetime) -> str:
    """The paragraph that offers the link; empty where somebody at the desk's organisation can sign in and answer."""
    posts = Post.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now),
        organisation_id=rung.organisation_id,
        role__in=rung.answered_by,
        starts_at__lte=now,
        user__is_active=True,
    )
    if posts.exists():
        return ""
    return (
        "Nobody at your organisation has an account yet. Say here, once, that this has reached you:"
        f"\n{PLACE}\nIt does not replace an answer: the steps go on until somebody with an account acknowledges."
    )


def put_in(body: str, delivery: UUID) -> str:
    """The text as it leaves."""
    return body.replace(PLACE, f"{settings.HUB_ADDRESS}/answer/{sign(delivery)}/")


def sign(delivery: UUID) -> str:
    """The word in the address that only the hub can have written."""
    return Signer(salt=_SALT).sign(str(delivery))


def delivery_of(word: str) -> UUID | None:
    """The delivery that a word in an address names; None where the hub did not write it."""
    try:
        return UUID(Signer(salt=_SALT).unsign(word))
    except (BadSignature, ValueError):
        return None
