"""The database restored from its backup: what was mailed is not mailed again, what was owed is."""

import subprocess

from faults.hub import hold
from faults.run import Plan, Scene
from faults.sink import Manner


def restore(scene: Scene) -> None:
    """E-mails pile up, the hub is killed, its database is dumped and read into a new one, on which it starts again."""
    scene.until_mails(10)
    scene.at_some_instant()
    scene.hub.manner(Manner.BUSY)
    scene.until_more(30)
    for process in (scene.hub.web, scene.hub.worker, scene.hub.beat):
        process.kill()
    scene.ended(2)
    owed = scene.hub.statement("select count(*) from oversight_delivery where state = 'owed'")[0][0]
    scene.notes.append(f"{scene.hub.mails_taken()} e-mails sent and {owed} owed when it was dumped")
    restored(scene)
    scene.hub.manner(Manner.ACCEPT)
    for process in (scene.hub.web, scene.hub.worker, scene.hub.beat):
        process.start(wait=False)
    scene.hub.web.await_ready()
    hold(1)


def restored(scene: Scene) -> None:
    """Dump and restore with PostgreSQL's own programs, as an operator does; the old database is gone."""
    hub, server = scene.hub, scene.hub.ground.server
    programs, dump = server.placed.programs, hub.folder / "backup.dump"
    there = ["--host", str(server.placed.sockets), "--username", "postgres"]
    new = hub.ground.new_database("template0")
    for line in (
        [programs / "pg_dump", *there, "--format", "custom", "--file", dump, hub.database],
        [programs / "pg_restore", *there, "--exit-on-error", "--dbname", new, dump],
    ):
        done = subprocess.run([str(word) for word in line], capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{line[0]}: {done.stderr[-500:]}")
    hub.ground.drop(hub.database)
    hub.database = new


PLANS = (Plan("F20", "restore: dumped, read into a new database, started again", restore),)
