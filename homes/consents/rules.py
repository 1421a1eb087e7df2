"""Who may read and record consents and responsible boards, as the database holds it. Called by the app's migration."""

from collections.abc import Sequence

from django.db.migrations.operations import RunSQL

from events.rls import NOW, VIEWER, Policy, secure
from homes.rls import MY_CHILDREN, children_as, homes_in, organisations_in
from homes.roles import ROLES, Picture

#: Posts that hear the child at the home, and so may record what the child agrees to.
HEARS_AT_HOME = tuple(
    key for key, role in ROLES.items() if role.picture is Picture.PROVIDER and "view" in role.records
)
#: Ties in which somebody may record the child's own consent.
SPEAKS_FOR_CHILD = ("social_worker", "advocate")
#: Ties in which somebody speaks for whoever placed the child.
SPEAKS_FOR_AUTHORITY = ("social_worker", "placing_authority")

#: A page reads the clock a little after the request began, whose moment the database knows.
SOON = f"{NOW} + interval '5 minutes'"


def _listed(words: Sequence[str]) -> str:
    return ", ".join(repr(word) for word in words)


_FOR_AUTHORITY = (
    "placement_id in (select p.id from homes_placement p where"
    f" p.child_id in ({children_as('social_worker')}) or (p.child_id, p.placing_authority_id) in"
    f" ({children_as('placing_authority', columns='child_id, organisation_id')}))"
)
_FOR_CHILD = (
    "placement_id in (select p.id from homes_placement p where"
    f" p.child_id in ({children_as(*SPEAKS_FOR_CHILD)}) or p.home_id in"
    f" ({homes_in(Picture.PROVIDER)} and capacity in ({_listed(HEARS_AT_HOME)})))"
)
SIDE = f"(whose = 'authority' and {_FOR_AUTHORITY} or whose = 'child' and {_FOR_CHILD})"
_OF_CHILD = f"child_id in ({children_as(*SPEAKS_FOR_AUTHORITY)})"


def security() -> list[RunSQL]:
    return [
        secure(
            "homes_caseconsent",
            [
                Policy(
                    "of_placement",
                    "select",
                    using="exists (select 1 from homes_placement p where p.id = placement_id)",
                ),
                Policy(
                    "own_side_consents",
                    "insert",
                    check=f"recorded_by_id = {VIEWER} and withdrawn_at is null and {SIDE}",
                ),
                Policy(
                    "own_side_withdraws",
                    "update",
                    using=f"withdrawn_at is null and {SIDE}",
                    check=f"withdrawn_by_id = {VIEWER} and withdrawn_at <= {SOON}",
                ),
            ],
            web="select, insert, update (withdrawn_at, withdrawn_by_id, withdrawn_why)",
        ),
        secure(
            "homes_responsibleboard",
            [
                Policy(
                    "of_child",
                    "select",
                    using=f"board_id = any({organisations_in(Picture.ICB)})"
                    f" or child_id = any({MY_CHILDREN}) or exists"
                    " (select 1 from homes_placement p where p.child_id = homes_responsibleboard.child_id)",
                ),
                Policy("authority_names", "insert", check=f"recorded_by_id = {VIEWER} and {_OF_CHILD}"),
                Policy("authority_ends", "update", using=_OF_CHILD, check=f"ends_at <= {SOON}"),
            ],
            web="select, insert, update (ends_at)",
        ),
    ]
