"""Who lives and works at a home, as far as the person who asks may know."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from homes.models import Child, Employment, Home


def residents(home: Home, user: UUID, now: datetime) -> list[Child]:
    """Children living there at ``now`` whom the person may see by name, in the order of their names."""
    visible = Child.objects.visible_to(user, now).values("pk")
    return list(Child.objects.resident(home.pk, now).filter(pk__in=visible).order_by("name", "pk"))


def resident_named(home: Home, said: str, now: datetime) -> Child | None:
    """The child of exactly this name who lives there, for somebody who treats or answers for the child.

    The list of residents stays closed to them: the child comes back with the name as they said it, and the key.
    """
    with connection.cursor() as cursor:
        cursor.execute("select homes_resident_named(%s, %s, %s)", [home.pk, said, now])
        row = cursor.fetchone()
    if not row or row[0] is None:
        return None
    name = said.strip()
    return Child(id=row[0], name=name, initials="".join(part[0].upper() for part in name.split())[:6])


def workers(home: Home, now: datetime) -> list[Employment]:
    """Who works there at ``now``, as far as the database shows it, in the order of their names."""
    current = Employment.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now), home=home, starts_at__lte=now
    )
    return list(current.select_related("adult").order_by("adult__name", "pk"))
