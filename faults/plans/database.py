"""PostgreSQL: stopped at once, killed, its connections cut, gone for long, full."""

from pathlib import Path
from signal import SIGKILL, SIGQUIT

from faults.run import Plan, Scene

CUT = (
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{}' and pid <> pg_backend_pid()"
)


def stop_at_once(scene: Scene) -> None:
    """Immediate stop, as at a power cut; recovery from the log at the start."""
    scene.at_some_instant()
    scene.stop_postgres(SIGQUIT)
    scene.ended(2)
    scene.last(0.2, 2)
    scene.hub.ground.start_again()


def kill(scene: Scene) -> None:
    """kill -9 of the postmaster."""
    scene.at_some_instant()
    scene.stop_postgres(SIGKILL)
    scene.ended(2)
    scene.hub.ground.start_again()


def cut(scene: Scene) -> None:
    """Every connection cut, a dozen times, wherever its statement is."""
    for _ in range(12):
        scene.until_more(scene.random.randint(1, 6))
        scene.hub.statement(CUT.format(scene.hub.database))
        scene.ended(2)


def gone(scene: Scene) -> None:
    """No database for a while: nothing is acknowledged, nothing is half written."""
    scene.at_some_instant()
    scene.stop_postgres(SIGQUIT)
    scene.ended(2)
    before = scene.acknowledged()
    scene.last(6, 9)
    scene.notes.append(f"{scene.acknowledged() - before} acknowledged while it was gone")
    scene.hub.ground.start_again()


def full(scene: Scene) -> None:
    """The disk of the tables is full: what cannot be written is refused, whole; then there is room again."""
    scene.at_some_instant()
    ballast = scene.small_disk / "ballast"
    _fill(ballast)
    scene.ended(2)
    before = scene.attempted()
    scene.last(4, 6)
    scene.notes.append(f"{scene.attempted() - before} more tried while it was full")
    ballast.unlink()


def _fill(ballast: Path) -> None:
    """Write until there is no room."""
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 65536):
                pass
        except OSError:
            return


PLANS = (
    Plan("F6", "database: stopped at once, started again", stop_at_once, quick=True),
    Plan("F6b", "database: kill -9 of the postmaster", kill),
    Plan("F6c", "database: every connection cut, twelve times", cut),
    Plan("F6d", "database: gone for eight seconds", gone),
    Plan("F8", "database: disk full", full, small_disk=True),
)
