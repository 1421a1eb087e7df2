"""The policies of row-level security as the database has them, and each of them taken away."""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Policy:
    """One row of pg_policies. roles: whom it binds. granted: whether those have the right that it narrows."""

    table: str
    name: str
    restrictive: bool
    command: str
    using: str
    check: str
    roles: tuple[str, ...]
    granted: bool

    @property
    def whole(self) -> str:
        return f"{self.table}.{self.name} ({self.command})"

    @property
    def idle(self) -> str:
        """Why there is nothing to take away; empty where there is."""
        if self.roles != ("hub_web",):
            return f"admits {', '.join(self.roles)} to everything"
        if "true" in (self.using, self.check):
            return "admits every row already"
        return "" if self.granted else "narrows a right that the website does not have"

    @property
    def bites(self) -> bool:
        return not self.idle

    @property
    def opened(self) -> str:
        """The statement after which it admits every row."""
        if self.restrictive:
            return self.dropped
        using = " using (true)" if self.using else ""
        return f"alter policy {self.name} on {self.table}{using}{' with check (true)' if self.check else ''}"

    @property
    def dropped(self) -> str:
        return f"drop policy {self.name} on {self.table}"


_ALL = """
select tablename, policyname, permissive = 'RESTRICTIVE', cmd, coalesce(qual, ''), coalesce(with_check, ''),
       roles::text[], case cmd when 'ALL' then true
         when 'DELETE' then has_table_privilege(roles[1], tablename::regclass, 'DELETE')
         else has_any_column_privilege(roles[1], tablename::regclass, cmd) end
  from pg_policies where schemaname = 'public' order by 1, 2
"""


def policies() -> list[Policy]:
    """Every policy there is, whomever it binds."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL)
        return [
            Policy(table, name, restrictive, command, using, check, tuple(roles), granted)
            for table, name, restrictive, command, using, check, roles, granted in cursor.fetchall()
        ]
