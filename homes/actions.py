"""Making accounts, posts, placements: the truths from which every right is projected."""

from datetime import datetime

from django.db import transaction

from events.identity import new_id
from homes.models import Adult, Employment, Home, Organisation, Person, Post, User


@transaction.atomic
def make_account(
    *, username: str, name: str, password: str | None, email: str = "", service: bool = False, now: datetime
) -> User:
    """An account with its person; without a password nobody can sign in to it."""
    key = new_id()
    person = Person.objects.create(id=key, name=name)
    user = User(id=key, person=person, username=username, email=email, is_service=service, joined_at=now)
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.save(force_insert=True)
    return user


@transaction.atomic
def give_post(
    *,
    user: User,
    role: str,
    organisation: Organisation,
    home: Home | None = None,
    starts_at: datetime,
    ends_at: datetime | None = None,
) -> Post:
    """Put a person in post; their rights follow in the same transaction."""
    return Post.objects.create(
        user=user, role=role, organisation=organisation, home=home, starts_at=starts_at, ends_at=ends_at
    )


@transaction.atomic
def end_post(*, post: Post, now: datetime) -> None:
    """End a post: its rights end with the next request."""
    Post.objects.filter(pk=post.pk, ends_at__isnull=True).update(ends_at=now)


@transaction.atomic
def add_worker(*, home: Home, name: str, title: str, is_agency: bool = False, now: datetime) -> Adult:
    """Add somebody who works at the home and is not on its list. The database refuses whoever may not read the list."""
    adult = Adult(name=name)
    adult.save(force_insert=True)
    Employment(adult=adult, home=home, title=title, is_agency=is_agency, starts_at=now).save(
        force_insert=True
    )
    return adult


@transaction.atomic
def add_adult(*, name: str) -> Adult:
    """Add a person who works with children without telling any home: for a record made by somebody outside."""
    adult = Adult(name=name)
    adult.save(force_insert=True)
    return adult
