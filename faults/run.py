"""One run: start a hub, let people record, let the fault happen, heal it, wait until all is quiet, check."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from json import dumps
from pathlib import Path
from random import Random
from signal import SIGKILL, Signals
from threading import Thread
from typing import Any

from psycopg2 import Error as DatabaseError
from redis import Redis

from faults import ledger, snapshot
from faults.checker import Expected, Verdict, check
from faults.clients import Job
from faults.ground import Ground
from faults.hub import Hub, Process, hold
from faults.ledger import Ledger
from hesley_hub.launching.process import spawn, stop, wait_until
from hesley_hub.launching.world import ROOT

#: Acknowledged submissions before the fault may begin, and after it has healed; seconds that people record at least.
BEFORE, AFTER, AT_LEAST = 15, 30, 12.0
QUIET_WITHIN = 180.0
#: Handlings that wait, above which the clients go slowly.
MUCH = 120
#: Bytes beside the tables on a small disk: more than a run writes, little enough to fill at once.
ROOM = 48_000_000


@dataclass
class Scene:
    """What a fault is given: the hub, chance, and ways to wait for people's work."""

    hub: Hub
    random: Random
    ledger: Path
    world: Mapping[str, Any]
    crashes: int = 0
    parked: int = 0
    dead: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    small_disk: Path = Path()
    right_certificate: str = ""

    def acknowledged(self) -> int:
        return ledger.count_of(self.ledger, "acknowledged")

    def attempted(self) -> int:
        return ledger.count_of(self.ledger, "attempted")

    def until_more(self, many: int, *, seconds: float = 60) -> None:
        """Wait until so many more were acknowledged. Raises where the hub takes none any more."""
        wanted = self.acknowledged() + many
        if not wait_until(lambda: self.acknowledged() >= wanted, seconds=seconds, every=0.02):
            raise RuntimeError(f"the hub took {self.acknowledged()} submissions and no more")

    def until_mails(self, many: int, *, seconds: float = 60) -> None:
        """Wait until the mail server has taken so many more."""
        wanted = self.hub.mails_taken() + many
        if not wait_until(lambda: self.hub.mails_taken() >= wanted, seconds=seconds, every=0.02):
            raise RuntimeError(f"the mail server was handed {self.hub.mails_taken()} e-mails and no more")

    def until(self, ready: Callable[[], bool], otherwise: str, *, seconds: float = 60) -> None:
        """Wait for anything else. Raises with ``otherwise`` where it does not come."""
        if not wait_until(ready, seconds=seconds, every=0.2):
            raise RuntimeError(otherwise)

    def at_some_instant(self) -> None:
        """Chance's instant, in acknowledged submissions, which a slow machine has at the same place."""
        self.until_more(self.random.randint(5, 40))

    def last(self, least: float, most: float) -> None:
        """Let the fault last as long as chance says."""
        hold(self.random.uniform(least, most))

    def ended(self, processes: int = 1) -> None:
        """Note that so many processes may have had e-mails in hand and could not note what became of them: each of those
        may be sent again."""
        self.crashes += processes * int(self.hub.environment["HUB_DELIVERY_SLOTS"])

    def start_what_ended(self) -> None:
        """A part that ended by itself is started again, as the hub's launcher and docker compose do."""
        for part in (self.hub.web, self.hub.worker, self.hub.beat):
            if part.child is not None and part.child.poll() is not None:
                self.notes.append(f"the {part.name} ended by itself and was started again")
                part.start()

    def kill_child_of(self, process: Process) -> None:
        """kill -9 of one of its children, by chance."""
        child = self.random.choice(process.children())
        os.kill(child, SIGKILL)
        self.until(lambda: not self.alive(child), f"process {child} lives on")

    @staticmethod
    def alive(process: int) -> bool:
        """Whether there is such a process, and not only its name on the list of the dead."""
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return False
        return state not in ("Z", "X")

    def valkey(self, *words: str) -> None:
        """One command to Valkey."""
        client = Redis(unix_socket_path=str(self.hub.broker.socket))
        client.execute_command(*words)  # type: ignore[no-untyped-call]
        client.close()

    def stop_postgres(self, number: Signals) -> None:
        """Signal the postmaster and wait until it is gone."""
        self.hub.ground.process.send_signal(number)
        self.hub.ground.process.wait(timeout=60)


@dataclass(frozen=True)
class Plan:
    """A fault. strike: does it and heals it. quick: among the ten quickest. must_fail: a control.

    without: parts that are not started with the others. pause: seconds between two submissions of a client. copies: how
    often each is sent at once. prepare: what is made first; the hub's environment for it. not_run: why it is not.
    """

    name: str
    title: str
    strike: Callable[[Scene], None]
    quick: bool = False
    must_fail: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    pause: float = 0.12
    copies: int = 1
    small_disk: bool = False
    prepare: Callable[["Scene"], Mapping[str, str]] | None = None
    not_run: str = ""


class NotRunError(Exception):
    """The machine does not allow this fault; the message says why."""


@dataclass(frozen=True)
class Result:
    """One run's verdict and how long it took; trouble: why it could not be carried out."""

    plan: Plan
    seed: int
    verdict: Verdict
    seconds: float
    trouble: str = ""
    not_run: str = ""
    notes: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """A control is good when the checker found something wrong."""
        if self.not_run:
            return True
        return not self.trouble and self.verdict.good != self.plan.must_fail


def run(ground: Ground, plan: Plan, seed: int, *, keep: Path | None = None) -> Result:
    """Carry a plan out once. keep: where its folder is copied when something was wrong."""
    began = time.monotonic()
    folder = ground.folder / "runs" / f"{plan.name}-{seed}-{ground.made}"
    verdict, trouble, not_run = Verdict(), "", plan.not_run
    notes: list[str] = []
    try:
        with ExitStack() as stack:
            if not not_run:
                scene = _set(stack, ground, plan, seed, folder)
                notes = scene.notes
                verdict = _carried_out(ground, plan, scene, seed)
    except NotRunError as reason:
        not_run = str(reason)
    except (RuntimeError, OSError, DatabaseError) as problem:
        trouble = f"{type(problem).__name__}: {problem}".strip()
    made = Result(plan, seed, verdict, time.monotonic() - began, trouble, not_run, tuple(notes))
    if keep and not made.good:
        shutil.copytree(folder, keep / folder.name, ignore=_no_sockets, dirs_exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    return made


def _no_sockets(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if (Path(folder) / name).is_socket()]


def _set(stack: ExitStack, ground: Ground, plan: Plan, seed: int, folder: Path) -> Scene:
    """The hub, started, on a database of its own; ended with the stack."""
    disk = stack.enter_context(small_disk(ground, folder)) if plan.small_disk else Path()
    hub = Hub(ground, folder, extra=plan.environment, tablespace=bool(plan.small_disk))
    stack.callback(hub.end)
    random = Random(f"{plan.name} {seed}")  # noqa: S311 - repeatable, guards nothing
    scene = Scene(hub, random, folder / "ledger.jsonl", ground.world, small_disk=disk)
    if plan.prepare:
        hub.extra = {**plan.environment, **plan.prepare(scene)}
    hub.start(without=plan.without)
    return scene


@contextmanager
def small_disk(ground: Ground, folder: Path) -> Iterator[Path]:
    """A tablespace ``small`` on a file system of its own with little room, until the block ends."""
    place = folder.with_name(f"{folder.name}-disk")
    place.mkdir(parents=True)
    size = ground.template_size() + ROOM
    line = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(line, capture_output=True, check=False).returncode:
        raise NotRunError("this machine lets us mount no small disk")
    try:
        (place / "tables").mkdir(mode=0o700)
        ground.statement(f"create tablespace small location '{place / 'tables'}'")
        yield place
        ground.statement("drop tablespace small")
    finally:
        subprocess.run(["umount", "--lazy", str(place)], capture_output=True, check=False)
        place.rmdir()


def _carried_out(ground: Ground, plan: Plan, scene: Scene, seed: int) -> Verdict:
    hub = scene.hub
    stopping = hub.folder / "stop"
    job = Job(hub.port, scene.ledger, stopping, f"{plan.name} {seed}", plan.pause, ground.world, plan.copies)
    clients = _begin(hub, job)
    pacing = Thread(target=_pace, args=(hub, job), daemon=True)
    try:
        began = time.monotonic()
        pacing.start()
        scene.until_more(BEFORE)
        plan.strike(scene)
        scene.start_what_ended()
        healed = time.time()
        scene.until_more(AFTER)
        hold(max(0.0, AT_LEAST - (time.monotonic() - began)))
        stopping.touch()
        clients.wait(timeout=120)
        wait_until(lambda: snapshot.waiting(hub) == 0, seconds=QUIET_WITHIN, every=0.5)
    finally:
        stop(clients, number=SIGKILL, patience=5)
    hub.beat.end()
    hub.worker.end()
    hub.second_worker.end()
    told = {home["urn"]: home["must_be_told"] for one in ground.world["clients"] for home in one["homes"]}
    expected = Expected(told, healed, scene.crashes, scene.dead, scene.parked)
    return check(Ledger.read(scene.ledger), snapshot.found(hub), expected)


def _pace(hub: Hub, job: Job) -> None:
    """Have the clients go slowly while much waits to be handled, so that a run ends on a slow machine too."""
    while not job.stop.exists():
        with suppress(DatabaseError):  # which is what some faults are about
            if snapshot.unhandled(hub) > MUCH:
                job.slowly.touch()
            else:
                job.slowly.unlink(missing_ok=True)
        hold(0.5)


def _begin(hub: Hub, job: Job) -> subprocess.Popen[bytes]:
    file = hub.folder / "job.json"
    file.write_text(dumps({**vars(job), "ledger": str(job.ledger), "stop": str(job.stop)}))
    line = [sys.executable, "-m", "faults.clients", str(file)]
    return spawn(line, log=hub.folder / "log" / "clients.log", cwd=ROOT)


def summed(results: Sequence[Result]) -> Verdict:
    """The runs of one fault together."""
    total = Verdict()
    for one in results:
        for name, value in vars(one.verdict).items():
            if name == "slowest":
                total.slowest = max(total.slowest, value)
            else:
                setattr(total, name, getattr(total, name) + value)
    return replace(total)
