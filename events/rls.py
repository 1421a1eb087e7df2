"""Row-level security as migration operations, so that every table's rules can be read in one place.

Each table with people in it is *secured*: row-level security on and forced, the owner and the worker
admitted, and the website's role admitted only by the policies listed. Each table without is *reference*.
Grants are never given by default to the website: a table nobody thought of is closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.migrations.operations import RunSQL

VIEWER = "nullif(current_setting('app.viewer', true), '')::uuid"
NOW = "nullif(current_setting('app.now', true), '')::timestamptz"


@dataclass(frozen=True)
class Policy:
    """One policy for the website's role.

    command: select, insert, update. using: which rows exist for the reader. check: which rows may be written.
    restrictive policies are and-ed, permissive ones or-ed.
    """

    name: str
    command: str
    using: str = ""
    check: str = ""
    restrictive: bool = False

    def sql(self, table: str) -> str:
        kind = "restrictive" if self.restrictive else "permissive"
        parts = [f"create policy {self.name} on {table} as {kind} for {self.command} to hub_web"]
        if self.using:
            parts.append(f"using ({self.using})")
        if self.check:
            parts.append(f"with check ({self.check})")
        return " ".join(parts)


def readable(using: str, picture: str = "") -> list[Policy]:
    """Select and update policies that admit the same rows: a blind UPDATE reads no column and skips select policies."""
    rules = [Policy("reach", "select", using), Policy("reach_update", "update", using)]
    if picture:
        rules.append(Policy("picture", "select", picture, restrictive=True))
        rules.append(Policy("picture_update", "update", picture, restrictive=True))
    return rules


def secure(
    table: str, policies: Sequence[Policy], *, web: str = "", worker: str = "select, insert, update"
) -> RunSQL:
    """Force row-level security on ``table``; ``web`` and ``worker`` are the rights granted."""
    forward = [
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        f"create policy owner_all on {table} to hub_owner using (true) with check (true)",
        f"create policy worker_all on {table} to hub_worker using (true) with check (true)",
        f"revoke all on {table} from hub_worker",
        *(policy.sql(table) for policy in policies),
    ]
    back = [f"drop policy {policy.name} on {table}" for policy in policies]
    back += [f"drop policy {name} on {table}" for name in ("owner_all", "worker_all")]
    back += [
        f"alter table {table} no force row level security",
        f"alter table {table} disable row level security",
    ]
    if web:
        forward.append(f"grant {web} on {table} to hub_web")
    if worker:
        forward.append(f"grant {worker} on {table} to hub_worker")
    return RunSQL(";\n".join(forward), ";\n".join(back))


def reference(table: str, *, web: str = "select", worker: str = "select") -> RunSQL:
    """A table without any person's data beyond names in office: readable by all."""
    grants = [f"revoke all on {table} from hub_worker"]
    if web:
        grants.append(f"grant {web} on {table} to hub_web")
    if worker:
        grants.append(f"grant {worker} on {table} to hub_worker")
    return RunSQL(";\n".join(grants), f"revoke all on {table} from hub_web, hub_worker")
