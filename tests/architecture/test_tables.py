"""The catalogue of the database: every table is reference, sign-in and framework, or under forced row-level security."""

import pytest
from django.db import connection

from events.context import acting_as
from tests import cast
from tests.conftest import owner

#: No person's data beyond names in office: readable by all who are signed in.
REFERENCE = {
    "events_world",
    "homes_person",
    "homes_dutymailbox",
    "oversight_assessedday",
}
#: Sign-in and framework tables: no child's data, reached through the sign-in code only.
FRAMEWORK = {
    "django_migrations",
    "django_content_type",
    "django_session",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
    "homes_user",
    "homes_user_groups",
    "homes_user_user_permissions",
    "account_emailaddress",
    "account_emailconfirmation",
    "mfa_authenticator",
    "guardian_groupobjectpermission",
    "guardian_userobjectpermission",
}
#: Functions that the website may call, each with its reason.
CALLABLE = {
    "homes_user_of_token": "finds the person behind a token whose hash it is given",
    "events_ages": "ages and a number for the health page",
    "oversight_arrears": "ages and numbers for the administrator; empty for anybody else",
    "incidents_recorded_by_viewer": "lets an author hang parts on a record that they may not read back",
    "incidents_about": "records about the viewer, so that a policy can keep them from the viewer",
    "incidents_name_adult": "whether a record names an adult, so that no home puts them on its list to learn who it is",
    "homes_adult_is_new": "whether a worker who is added is known to nobody yet",
    "homes_resident_named": "a resident found by the whole name said, for somebody who treats or answers for the child",
    "homes_boards_children": "children for whose health a board answers that the viewer leads, for policies",
    "homes_regulates": "whether the viewer acts for a regulator, for policies",
    "homes_stood_at": "homes that the viewer may open, for policies",
    "homes_acted_for": "organisations for which the viewer holds access, for policies",
    "homes_places_for": "authorities for which the viewer answers, whose child may have left, for policies",
    "homes_my_children": "children to whom the viewer stands, for policies",
    "oversight_asked_by_link": "the reference and deadline that whoever holds an e-mail's signed link is shown",
    "oversight_answer_by_link": "once for an e-mail, that it has reached whoever says so; it proves no identity",
    "homes_open_cases": "children whose case record the viewer may read by both consents, for policies",
    "homes_is_administrator": "whether the viewer keeps the hub, for policies of the table of posts itself",
    "homes_closed_at": "the midnight at which a home was closed",
    "homes_nothing_new": "trigger, runs with the rights of the website",
    "homes_own_organisations": "organisations in which the viewer holds a post, for the same policies",
    "homes_manages": "whether the viewer gives and ends such a post",
    "homes_manages_person": "whether the viewer answers for all posts of a person",
    "homes_may_break_glass": "whether a post of the viewer opens a home in an emergency, in that picture",
    "homes_user_invited": "whose password a link sets; whoever asks holds the link",
    "homes_user_of_address": "the account behind an address, for those who give posts",
    "homes_make_account": "an account without a password, by those who give posts",
    "homes_close_account": "closes an account, by those who answer for all its posts",
    "homes_take_up_invitation": "sets a first password once; whoever asks holds the link",
    "homes_decide_mailbox_change": "the second of two people changes a mailbox",
    "incidents_side_is_true": "trigger, runs with the rights of the website",
    "voice_side_is_true": "trigger, runs with the rights of the website",
}
#: Policies that admit every row, each with its reason.
OPEN = {
    ("homes_home", "names_are_public"): "the list of homes is public",
    (
        "homes_organisation",
        "names_are_public",
    ): "the names of bodies are public; only an administrator adds one",
    (
        "events_event",
        "record",
    ): "an event may be added by anybody who may save its fact; nobody reads it back",
    ("events_handling", "record"): "as its event",
}


def _rows(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


TABLES = "select relname, relrowsecurity, relforcerowsecurity from pg_class where relkind in ('r','p') and relnamespace = 'public'::regnamespace"


@pytest.mark.django_db
def test_every_table_is_listed_or_forced() -> None:
    found = {str(name): bool(on and forced) for name, on, forced in _rows(TABLES)}
    assert {name for name, secured in found.items() if not secured} == REFERENCE | FRAMEWORK


@pytest.mark.django_db
def test_without_a_viewer_no_protected_table_gives_a_row_or_an_error() -> None:
    with owner():
        cast.build()
    protected = [
        str(name) for name, on, _ in _rows(TABLES) if on and name not in ("homes_home", "homes_organisation")
    ]
    assert len(protected) > 30
    readable = 0
    for table in protected:
        if _rows(f"select has_table_privilege('hub_web', '{table}', 'select')")[0][0]:
            readable += 1
            assert _rows(f"select count(*) from {table}") == [(0,)], table
    assert readable > 25


@pytest.mark.django_db
def test_with_a_viewer_but_no_moment_there_are_no_rows_either() -> None:
    with owner():
        world = cast.build()
    with acting_as(world.mo.pk, world.now):
        assert _rows("select count(*) from homes_accesshome") != [(0,)]
        _rows("select set_config('app.now', '', true)")
        assert _rows("select count(*) from homes_placement") == [(0,)]


@pytest.mark.django_db
def test_the_logins_of_the_application_own_nothing_and_cannot_empty_a_table() -> None:
    owned = _rows(
        "select count(*) from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname in ('hub_web','hub_worker')"
    )
    assert owned == [(0,)]
    for role in ("hub_web", "hub_worker"):
        for name, _, _ in _rows(TABLES):
            assert not _rows(f"select has_table_privilege('{role}', '{name}', 'truncate')")[0][0]
    assert _rows("select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = 'hub_web'") == [
        (False, False, False)
    ]


@pytest.mark.django_db
def test_the_website_deletes_nothing_but_sessions_factors_and_drafts() -> None:
    deletable = {
        str(name)
        for name, _, _ in _rows(TABLES)
        if _rows(f"select has_table_privilege('hub_web', '{name}', 'delete')")[0][0]
    }
    assert deletable <= {"django_session", "mfa_authenticator", "oversight_visitdraft"}


@pytest.mark.django_db
def test_functions_are_closed_unless_listed() -> None:
    found = _rows(
        "select proname, prosecdef, proconfig, has_function_privilege('hub_web', oid, 'execute') from pg_proc"
        " where pronamespace = 'public'::regnamespace"
    )
    assert {str(name) for name, _, _, callable_ in found if callable_} == set(CALLABLE)
    for name, definer, config, _ in found:
        if definer:
            assert any(str(line).startswith("search_path=pg_catalog") for line in config or []), name  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_a_policy_that_admits_all_stands_in_the_list() -> None:
    found = _rows(
        "select tablename, policyname from pg_policies where 'hub_web' = any(roles) and permissive = 'PERMISSIVE'"
        " and coalesce(qual, with_check) = 'true'"
    )
    assert {(str(table), str(policy)) for table, policy in found} == set(OPEN)


@pytest.mark.django_db
def test_a_table_that_can_be_updated_repeats_its_picture_for_updates() -> None:
    """A blind UPDATE reads no column, so select policies do not apply to it."""
    restrictive = {
        (str(table), str(command))
        for table, command in _rows(
            "select tablename, cmd from pg_policies where 'hub_web' = any(roles) and permissive = 'RESTRICTIVE'"
        )
    }
    for table in {table for table, command in restrictive if command == "SELECT"}:
        can_update = _rows(f"select has_any_column_privilege('hub_web', '{table}', 'update')")[0][0]
        assert not can_update or (table, "UPDATE") in restrictive, table


@pytest.mark.django_db
def test_no_view_shows_more_than_its_reader_may() -> None:
    assert (
        _rows(
            "select relname from pg_class where relkind in ('v','m') and relnamespace = 'public'::regnamespace"
        )
        == []
    )
