"""What people and machines send: the same many times at once, what nobody can read, very much of it from one home."""

import http.client
import json
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from faults import clients
from faults.ledger import Writer
from faults.run import Plan, Scene

PARALLEL = 50
BURST = 300
POISON = """
with told as (
    insert into events_event (id, kind, version, home_id, payload, as_of, recorded_at)
    select gen_random_uuid(), kind, version, home_id, '{"incident_id": "no key at all"}', now(), now()
    from events_event where kind = 'incidents.incident_recorded' limit 1 returning id)
insert into events_handling (id, event_id, handler, attempts, not_before, last_error)
select gen_random_uuid(), told.id, known.handler, 0, now() - interval '1 day', ''
from told, (select handler from events_handling h join events_event e on e.id = h.event_id
            where e.kind = 'incidents.incident_recorded' limit 1) as known"""


#: Seconds from a record to its judgement, 95th percentile, of other homes, before a moment and from it on.
WAITS = """
select e.recorded_at >= '{began}', percentile_cont(0.95) within group
    (order by extract(epoch from h.done_at - e.recorded_at))::float
from events_handling h join events_event e on e.id = h.event_id join homes_home m on m.id = e.home_id
where e.kind = 'incidents.incident_recorded' and m.urn <> '{urn}' and h.done_at is not null group by 1"""


def same_many_times(scene: Scene) -> None:
    """One submission fifty times at once, again when it was answered, and another body under its key."""
    scene.at_some_instant()
    client = scene.world["clients"][0]
    path, body = clients.submission(client["homes"][0], False, scene.random)
    key = str(UUID(int=scene.random.getrandbits(128), version=4))
    writer = Writer(scene.ledger)
    writer.write(what="attempted", key=key, home=body["home"], death=False, at=time.time(), copies=PARALLEL)
    job = clients.Job(scene.hub.port, scene.ledger, scene.hub.folder / "stop", "", 0, dict(scene.world))
    _all_at_once([lambda: clients.until_answered(job, client["token"], path, body, key, writer)] * PARALLEL)
    again, answer = clients.post(scene.hub.port, client["token"], path, body, key)
    other, _ = clients.post(scene.hub.port, client["token"], path, {**body, "narrative": "[A] rose."}, key)
    if (again, other) != (201, 422) or not answer.get("reference"):
        raise RuntimeError(f"again {again}, another body {other}: not 201 and 422")


def hostile(scene: Scene) -> None:
    """Bodies that nobody can read are refused; a poisoned event is set aside, and what comes after it is not kept waiting."""
    scene.at_some_instant()
    client = scene.world["clients"][0]
    sent = {name: _raw(scene.hub.port, client["token"], body) for name, body in _bodies().items()}
    if not all(400 <= status < 500 for status in sent.values()):
        raise RuntimeError(f"a body that cannot be read was answered with {sent}")
    scene.hub.statement(POISON)
    scene.parked = 1
    parked = "select count(*) from events_handling where parked_at is not null"
    scene.until_mails(5)
    scene.until(lambda: scene.hub.statement(parked)[0][0] == 1, "the poison was not set aside", seconds=90)
    tongues = "\u202eالطفل سقط\u202c 🏥 [A] fell."
    path, body = clients.submission(client["homes"][0], False, scene.random)
    key, writer = str(UUID(int=scene.random.getrandbits(128), version=4)), Writer(scene.ledger)
    writer.write(what="attempted", key=key, home=body["home"], death=False, at=time.time())
    job = clients.Job(scene.hub.port, scene.ledger, scene.hub.folder / "stop", "", 0, dict(scene.world))
    clients.until_answered(job, client["token"], path, {**body, "narrative": tongues}, key, writer)


def burst(scene: Scene) -> None:
    """Very many records from one home while others go on; how long the others' records waited before it and during it."""
    scene.until_more(60)
    (began,) = scene.hub.statement("select now()")[0]
    client = scene.world["clients"][7]
    job = clients.Job(scene.hub.port, scene.ledger, scene.hub.folder / "stop", "", 0, dict(scene.world))
    writer = Writer(scene.ledger)

    def many() -> None:
        for _ in range(BURST // 6):
            path, body = clients.submission(client["homes"][0], False, scene.random)
            key = str(UUID(int=scene.random.getrandbits(128), version=4))
            writer.write(what="attempted", key=key, home=body["home"], death=False, at=time.time())
            clients.until_answered(job, client["token"], path, body, key, writer)

    _all_at_once([many] * 6)
    scene.until_more(60)
    waits = scene.hub.statement(WAITS.format(began=began, urn=client["homes"][0]["urn"]))
    before, during = (f"{seconds:.2f} s" for _, seconds in sorted(waits))
    scene.notes.append(f"others' records waited (p95) {before} before the burst, {during} from then on")


def _bodies() -> dict[str, bytes]:
    whole = json.dumps({"home": "DEMO100", "narrative": "x"}).encode()
    return {
        "no JSON": b"{",
        "a list": b"[]",
        "a NUL": whole.replace(b'"x"', b'"\\u0000"'),
        "no text": b"\xff\xfe",
        "ten megabytes": whole.replace(b'"x"', b'"' + b"x" * 10_000_000 + b'"'),
        "deep": b"[" * 50_000,
        "nothing": b"",
    }


def _raw(port: int, token: str, body: bytes) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers: dict[str, Any] = {
        "Authorization": f"Bearer {token}",
        "Idempotency-Key": str(UUID(int=1, version=4)),
        "Content-Type": "application/json",
    }
    try:
        connection.request("POST", "/api/v1/complaints/", body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 499  # the server hung up on it
    finally:
        connection.close()


def _all_at_once(pieces: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=piece) for piece in pieces]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


PLANS = (
    Plan("F13", "intake: the same fifty times at once; everything four times", same_many_times, quick=True, copies=4, pause=0.3),
    Plan("F15", "intake: what nobody can read; a poisoned event", hostile),
    Plan("F16", "intake: a hundred times the usual from one home", burst, pause=0.25),
)  # fmt: skip
