"""Eight people who go on recording whatever happens: `python -m faults.clients PLAN.json`.

Each keeps one submission in hand, with a key of its own, and sends it again until it is answered 201. Every attempt
and every 201 is on disk before the next step. They end when the file named `stop` exists; what is in hand then is
tried for a while longer, since a person would.
"""

import http.client
import json
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from faults.ledger import Writer

ANSWER_WITHIN = 5.0
LONGEST_PAUSE = 0.5
GO_ON_FOR = 90.0
#: One in so many submissions tells of a death, which sets off a rule, alerts and e-mails.
DEATHS = 16
#: Seconds between two submissions while the hub has much to catch up with: people wait for it, but do not stop.
SLOWLY = 1.5
NO_RETRY = (400, 401, 403, 404, 405, 413, 422)


@dataclass(frozen=True)
class Job:
    """What the clients are told. copies: how many times at once each submission is sent. only_home: all from one home."""

    port: int
    ledger: Path
    stop: Path
    seed: str
    pause: float
    world: dict[str, Any]
    copies: int = 1

    @property
    def slowly(self) -> Path:
        """Exists while the hub has much to catch up with."""
        return self.stop.with_name("slowly")

    @classmethod
    def read(cls, file: Path) -> "Job":
        told = json.loads(file.read_text())
        return cls(**{**told, "ledger": Path(told["ledger"]), "stop": Path(told["stop"])})


def main(file: Path) -> None:
    """Run until told to stop and everything in hand is answered or given up."""
    job = Job.read(file)
    writer = Writer(job.ledger)
    threads = [
        threading.Thread(target=submit_all, args=(job, number, told, writer))
        for number, told in enumerate(job.world["clients"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def submit_all(job: Job, number: int, told: dict[str, Any], writer: Writer) -> None:
    """One client: a submission after another."""
    random = Random(f"{job.seed} {number}")  # noqa: S311 - repeatable, guards nothing
    for turn in count(2 * number):
        if job.stop.exists():
            return
        home = random.choice(told["homes"])
        death = turn % DEATHS == 0
        key = str(UUID(int=random.getrandbits(128), version=4))
        path, body = submission(home, death, random)
        writer.write(
            what="attempted", key=key, home=home["urn"], death=death, at=time.time(), copies=job.copies
        )
        sending = [
            threading.Thread(target=until_answered, args=(job, told["token"], path, body, key, writer))
            for _ in range(job.copies)
        ]
        for one in sending:
            one.start()
        for one in sending:
            one.join()
        time.sleep(SLOWLY if job.slowly.exists() else job.pause)


def submission(home: dict[str, Any], death: bool, random: Random) -> tuple[str, dict[str, Any]]:
    """Where a record is sent and what it says."""
    now = datetime.now(UTC)
    body = {
        "home": home["urn"],
        "occurred_at": (now - timedelta(hours=3)).isoformat(),
        "known_at": (now - timedelta(hours=2)).isoformat(),
        "narrative": "[A] fell.",
        "children": [random.choice(home["children"])],
    }
    if not death and random.random() < 0.5:
        return "complaints", {**body, "complaint_type": "parent", "addressed_to_home": True}
    event = "40(1)" if death else "40(4)(e)"
    return "reg40-notifications", {**body, "event": event, "action_taken": "Seen by a nurse."}


def until_answered(job: Job, token: str, path: str, body: dict[str, Any], key: str, writer: Writer) -> None:
    """Send one submission again and again, with the same key, until its answer comes."""
    tries, pause, given_up = 0, 0.05, 0.0
    while not given_up or time.monotonic() < given_up:
        tries += 1
        status, answer = post(job.port, token, path, body, key)
        if status == 201 and answer.get("reference"):
            writer.write(
                what="acknowledged", key=key, reference=answer["reference"], tries=tries, at=time.time()
            )
            return
        if status in NO_RETRY:
            writer.write(what="refused", status=status, text=f"{path} {str(answer)[:200]}")
            return
        if not given_up and job.stop.exists():
            given_up = time.monotonic() + GO_ON_FOR
        time.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def post(port: int, token: str, path: str, body: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
    """Status and answer; status 0 where none came, or none that can be read."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key, "Content-Type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_WITHIN)
    try:
        connection.request("POST", f"/api/v1/{path}/", json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        said = json.loads(text) if answer.getheader("Content-Type", "").startswith("application/json") else {}
    except (OSError, http.client.HTTPException, ValueError):
        return 0, {}
    finally:
        connection.close()
    return answer.status, said if isinstance(said, dict) else {}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
