"""Clients and their ledger: what is acknowledged is on disk, what is not is sent again with the same key."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any

import pytest

from faults import clients
from faults.clients import Job
from faults.ledger import Ledger, Writer, count_of, read_lines

HOME = {"urn": "DEMO1", "children": ["c1", "c2"], "must_be_told": []}
WORLD = {"clients": [{"token": "t1", "homes": [HOME]}]}


class Web(ThreadingHTTPServer):
    """Answers with what is next on its list, else 201; notes keys and bodies."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.answers: list[int] = []
        self.heard: list[tuple[str, dict[str, Any]]] = []


class Answer(BaseHTTPRequestHandler):
    server: Web

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.heard.append((self.headers["Idempotency-Key"], body))
        status = self.server.answers.pop(0) if self.server.answers else 201
        if status == 0:
            self.close_connection = True
            return
        text = json.dumps({"reference": f"R-{len(self.server.heard)}"} if status == 201 else {}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def job(web: Web, folder: Path, **more: Any) -> Job:
    return Job(web.server_address[1], folder / "ledger", folder / "stop", "seed", 0.0, WORLD, **more)


def one(web: Web, folder: Path) -> Ledger:
    """One submission, until it is answered."""
    path, body = clients.submission(HOME, False, Random(1))
    clients.until_answered(job(web, folder), "t1", path, body, "k1", Writer(folder / "ledger"))
    return Ledger.read(folder / "ledger")


def test_it_is_sent_again_with_its_key_until_it_is_acknowledged(web: Web, tmp_path: Path) -> None:
    web.answers = [0, 500, 409, 503]
    (acknowledged,) = one(web, tmp_path).acknowledged
    assert (acknowledged.key, acknowledged.reference, acknowledged.tries) == ("k1", "R-5", 5)
    assert {key for key, _ in web.heard} == {"k1"}
    assert len({json.dumps(body) for _, body in web.heard}) == 1


def test_what_no_retry_can_mend_is_noted(web: Web, tmp_path: Path) -> None:
    web.answers = [422]
    ledger = one(web, tmp_path)
    assert ledger.acknowledged == ()
    assert len(ledger.refused) == 1
    assert ledger.refused[0].startswith("422")


def test_a_client_gives_up_some_time_after_it_is_told_to_stop(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "GO_ON_FOR", 0.1)
    web.answers = [503] * 100
    (tmp_path / "stop").touch()
    assert one(web, tmp_path).acknowledged == ()
    assert 1 < len(web.heard) < 20


def test_everything_is_on_record_and_the_same_seed_sends_the_same(web: Web, tmp_path: Path) -> None:
    rounds = []
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        file = folder / "job.json"
        told = {**vars(job(web, folder, copies=2)), "ledger": str(folder / "ledger")}
        file.write_text(json.dumps({**told, "stop": str(folder / "stop")}))
        web.heard.clear()
        running = threading.Thread(target=clients.main, args=(file,))
        running.start()
        while count_of(folder / "ledger", "acknowledged") < 10:
            assert running.is_alive()
        (folder / "stop").touch()
        running.join()
        ledger = Ledger.read(folder / "ledger")
        assert {ack.key for ack in ledger.acknowledged} == {tried.key for tried in ledger.attempted}
        assert len(ledger.acknowledged) == 2 * len(ledger.attempted)
        rounds.append([(tried.key, tried.home, tried.death) for tried in ledger.attempted[:5]])
    assert rounds[0] == rounds[1]
    assert rounds[0][0][2], "the first tells of a death"


def test_a_line_that_was_not_finished_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "ledger"
    Writer(file).write(what="attempted", key="k", home="DEMO1", death=False, at=1.0)
    whole = file.read_bytes()
    file.write_bytes(whole + b'{"what": "acknowl')
    assert len(Ledger.read(file).attempted) == len(read_lines(file)) == 1
    assert Ledger.read(tmp_path / "none") == Ledger((), ())
