"""One run: start a hub, let people record, let the fault happen, heal it, wait until all is quiet, check."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from json import dumps
from pathlib import Path
from random import Random
from signal import SIGKILL

from faults import ledger, snapshot
from faults.checker import Expected, Verdict, check
from faults.clients import Job
from faults.ground import Ground
from faults.hub import Hub, hold
from faults.ledger import Ledger
from hesley_hub.launching.process import stop, wait_until
from hesley_hub.launching.world import ROOT

#: Acknowledged submissions before the fault may begin, and after it has healed; seconds that people record at least.
BEFORE, AFTER, AT_LEAST = 15, 40, 12.0
QUIET_WITHIN = 180.0


@dataclass
class Scene:
    """What a fault is given: the hub, chance, and ways to wait for people's work."""

    hub: Hub
    random: Random
    ledger: Path
    crashes: int = 0
    parked: int = 0
    dead: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)

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

    def at_some_instant(self) -> None:
        """Chance's instant, in acknowledged submissions, which a slow machine has at the same place."""
        self.until_more(self.random.randint(5, 40))

    def last(self, least: float, most: float) -> None:
        """Let the fault last as long as chance says."""
        hold(self.random.uniform(least, most))


@dataclass(frozen=True)
class Plan:
    """A fault. strike: does it and heals it. quick: among the ten quickest. must_fail: a control."""

    name: str
    title: str
    strike: Callable[[Scene], None]
    quick: bool = False
    must_fail: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    pause: float = 0.12
    copies: int = 1


@dataclass(frozen=True)
class Result:
    """One run's verdict and how long it took; trouble: why it could not be carried out."""

    plan: Plan
    seed: int
    verdict: Verdict
    seconds: float
    trouble: str = ""
    notes: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """A control is good when the checker found something wrong."""
        return not self.trouble and self.verdict.good != self.plan.must_fail


def run(ground: Ground, plan: Plan, seed: int, *, keep: Path | None = None) -> Result:
    """Carry a plan out once. keep: where its folder is moved when something was wrong."""
    began = time.monotonic()
    folder = ground.folder / "runs" / f"{plan.name}-{seed}-{ground.made}"
    hub = Hub(ground, folder, extra=plan.environment)
    scene = Scene(hub, Random(f"{plan.name} {seed}"), folder / "ledger.jsonl")  # noqa: S311 - repeatable
    trouble, verdict = "", Verdict()
    try:
        hub.start(without=plan.without)
        verdict = _carried_out(ground, plan, scene, seed)
    except (RuntimeError, OSError) as problem:
        trouble = str(problem)
    finally:
        hub.end()
    made = Result(plan, seed, verdict, time.monotonic() - began, trouble, tuple(scene.notes))
    if keep and not made.good:
        shutil.copytree(folder, keep / folder.name, ignore=shutil.ignore_patterns("run", "*.sock"))
    shutil.rmtree(folder, ignore_errors=True)
    return made


def _carried_out(ground: Ground, plan: Plan, scene: Scene, seed: int) -> Verdict:
    hub = scene.hub
    stopping = hub.folder / "stop"
    job = Job(hub.port, scene.ledger, stopping, f"{plan.name} {seed}", plan.pause, ground.world, plan.copies)
    clients = _begin(hub, job)
    try:
        began = time.monotonic()
        scene.until_more(BEFORE)
        plan.strike(scene)
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


def _begin(hub: Hub, job: Job) -> subprocess.Popen[bytes]:
    file = hub.folder / "job.json"
    file.write_text(dumps({**vars(job), "ledger": str(job.ledger), "stop": str(job.stop)}))
    with (hub.folder / "log" / "clients.log").open("wb") as log:
        return subprocess.Popen([sys.executable, "-m", "faults.clients", str(file)], cwd=ROOT, stderr=log)


def summed(results: list[Result]) -> Verdict:
    """The runs of one fault together."""
    total = Verdict()
    for one in results:
        for name, value in vars(one.verdict).items():
            if name == "slowest":
                total.slowest = max(total.slowest, value)
            else:
                setattr(total, name, getattr(total, name) + value)
    return replace(total)
