"""The questions that policies ask of the access tables, as SQL written once.

``= any(array(...))`` gives an index condition; ``in (...)`` as a second test is a hashed lookup.
"""

from events.rls import NOW, VIEWER
from homes.roles import Picture

_IN_FORCE = f"user_id = {VIEWER} and starts_at <= {NOW} and (ends_at is null or ends_at > {NOW})"


def homes_in(*pictures: Picture) -> str:
    """Homes that the viewer may open now, in any picture or in the given ones."""
    which = f" and picture in ({', '.join(repr(str(p)) for p in pictures)})" if pictures else ""
    return f"select home_id from homes_accesshome where {_IN_FORCE}{which}"


def organisations_in(*pictures: Picture) -> str:
    """Organisations for which the viewer holds access now."""
    which = f" and picture in ({', '.join(repr(str(p)) for p in pictures)})" if pictures else ""
    return f"select organisation_id from homes_accesshome where {_IN_FORCE}{which}"


MY_CHILDREN = f"select child_id from homes_accesschild where {_IN_FORCE}"
MY_CHILDREN_NOT_AS_FAMILY = f"{MY_CHILDREN} and capacity <> 'family'"
REACH = f"home_id = any(array({homes_in()}))"
IS_ADMINISTRATOR = f"exists (select 1 from homes_post where {_IN_FORCE} and role = 'administrator')"  # own posts are readable
