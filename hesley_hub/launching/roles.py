"""The four database roles and the database they share. Roles belong to a server, so no migration makes them."""

from collections.abc import Iterator, Mapping

from psycopg2 import extensions, sql

OWNER, WEB, WORKER, BACKUP = ALL = ("hub_owner", "hub_web", "hub_worker", "hub_backup")
_ATTRIBUTES = {
    OWNER: "login createdb nosuperuser nobypassrls",
    WEB: "login nosuperuser nobypassrls",
    WORKER: "login nosuperuser nobypassrls",
    BACKUP: "login nosuperuser bypassrls",
}
# The owner may become the others (tests do) but must not inherit them: their policies would bind it.
_GRANTS = (
    f"grant pg_read_all_data to {BACKUP}",
    f"grant {WEB}, {WORKER} to {OWNER} with inherit false, set true",
    f'grant set on parameter "pgtrigger.ignore" to {OWNER}',
)


def _has(cursor: extensions.cursor, question: str, name: str) -> bool:
    cursor.execute(question, [name])
    return cursor.fetchone() is not None


def provision_server(server: extensions.connection, *, database: str) -> Iterator[str]:
    """Make roles and database where they are missing; yields one line per role and one for the database.

    `server` is a superuser's connection in autocommit (CREATE DATABASE refuses a transaction). Existing roles keep
    their passwords; their attributes and memberships are put right.
    """
    with server.cursor() as cursor:
        for role, attributes in _ATTRIBUTES.items():
            known = _has(cursor, "select 1 from pg_roles where rolname = %s", role)
            verb = "alter" if known else "create"
            cursor.execute(sql.SQL(f"{verb} role {{}} {attributes}").format(sql.Identifier(role)))
            yield f"{role}: {'already there' if known else 'made'} ({attributes})"
        for grant in _GRANTS:
            cursor.execute(grant)
        if _has(cursor, "select 1 from pg_database where datname = %s", database):
            yield f"database {database}: already there"
            return
        cursor.execute(
            sql.SQL("create database {} owner {} template template0 encoding 'UTF8'").format(
                sql.Identifier(database), sql.Identifier(OWNER)
            )
        )
        yield f"database {database}: made, owned by {OWNER}"


def close_to_public(inside: extensions.connection) -> None:
    """In the database `inside` is connected to, take from PUBLIC the public schema and temporary tables."""
    with inside.cursor() as cursor:
        cursor.execute("revoke all on schema public from public")
        cursor.execute(
            sql.SQL("revoke temporary on database {} from public").format(sql.Identifier(inside.info.dbname))
        )


def set_passwords(server: extensions.connection, passwords: Mapping[str, str]) -> None:
    """Give roles their passwords. The server is told the hash only, so that its log cannot hold the password."""
    with server.cursor() as cursor:
        for role, password in passwords.items():
            hashed = extensions.encrypt_password(password, role, server, "scram-sha-256")
            cursor.execute(sql.SQL("alter role {} password %s").format(sql.Identifier(role)), [hashed])
