"""The machine of the database is lost, and its standby takes over under the same address."""

import subprocess
from signal import SIGKILL

from faults.ground import Replicated
from faults.run import NotRunError, Plan, Scene
from hesley_hub.launching.privilege import AS_NOBODY

SYNCHRONOUS = "select count(*) from pg_stat_replication where sync_state = 'sync'"


def promote(scene: Scene) -> None:
    """With a synchronous standby: the primary is killed for good, the standby promoted. Nothing acknowledged is missing."""
    ground, primary = scene.hub.ground, scene.hub.ground.server
    if primary.placed.privilege is AS_NOBODY:
        raise NotRunError("a standby needs user namespaces, or an account that is not root")
    standby = _copied(scene, primary)
    process = standby.start()
    ground.statement("alter system set synchronous_standby_names = '*'")
    ground.statement("select pg_reload_conf()")
    scene.until(lambda: ground.statement(SYNCHRONOUS)[0][0] == 1, "the standby did not become synchronous")
    scene.at_some_instant()
    scene.stop_postgres(SIGKILL)
    scene.ended(2)
    ground.server, ground.process = standby, process
    ground.statement("select pg_promote()")
    address = ".s.PGSQL.5432"
    (primary.placed.sockets / address).unlink(missing_ok=True)
    (primary.placed.sockets / address).symlink_to(standby.placed.sockets / address)


def _copied(scene: Scene, primary: Replicated) -> Replicated:
    """A standby made from the running primary."""
    folder = scene.hub.ground.folder / f"standby{scene.hub.ground.made}"
    standby = Replicated.at(folder, log=folder / "log" / "postgres.log")
    line = [primary.placed.programs / "pg_basebackup", "--host", primary.placed.sockets]
    line += ["--username", "postgres", "--pgdata", standby.placed.data]
    line += ["--write-recovery-conf", "--wal-method", "stream", "--checkpoint", "fast"]
    done = subprocess.run([str(word) for word in line], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"pg_basebackup: {done.stderr[-500:]}")
    return standby


PLANS = (Plan("F7", "database: its machine lost, a synchronous standby promoted", promote),)
