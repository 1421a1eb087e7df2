"""`./hub provision`: the four roles and the database on a PostgreSQL server of your own. One line per role.

HUB_ADMIN_DATABASE_URL is a superuser's address on that server, DATABASE_URL the owner's of the hub's database. With
HUB_OWNER_PASSWORD, HUB_WEB_PASSWORD, HUB_WORKER_PASSWORD and HUB_BACKUP_PASSWORD the roles get these passwords.
"""

import argparse
import os
import sys
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

import psycopg2
from psycopg2 import extensions

from hesley_hub.launching import roles


def passwords(environ: Mapping[str, str]) -> dict[str, str]:
    """The password of each role that is given one."""
    named = {role: f"{role.upper()}_PASSWORD" for role in roles.ALL}
    return {role: environ[name] for role, name in named.items() if environ.get(name)}


def connect(address: str, database: str | None = None) -> extensions.connection:
    """A connection in autocommit, to another database of the same server when named."""
    dsn = extensions.make_dsn(address, dbname=database) if database else address
    made: extensions.connection = psycopg2.connect(dsn)
    made.set_isolation_level(extensions.ISOLATION_LEVEL_AUTOCOMMIT)
    return made


def provision(admin: str, database: str, given: Mapping[str, str]) -> None:
    """Make what is missing on the server at `admin`, and print it."""
    server = connect(admin)
    try:
        for line in roles.provision_server(server, database=database):
            sys.stdout.write(line + "\n")
        roles.set_passwords(server, given)
    finally:
        server.close()
    inside = connect(admin, database)
    try:
        roles.close_to_public(inside)
    finally:
        inside.close()


def main(arguments: list[str]) -> int:
    """Exit status 2 when an address is missing, 1 when the server refuses."""
    argparse.ArgumentParser(
        prog="./hub provision", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args(arguments)
    admin = os.environ.get("HUB_ADMIN_DATABASE_URL", "")
    owner = os.environ.get("DATABASE_URL", "")
    if not admin or not owner:
        sys.stderr.write(
            "Set HUB_ADMIN_DATABASE_URL (a superuser's address) and DATABASE_URL (hub_owner's).\n"
        )
        return 2
    database = unquote(urlsplit(owner).path.lstrip("/")) or "hub"
    try:
        provision(admin, database, passwords(os.environ))
    except psycopg2.Error as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
