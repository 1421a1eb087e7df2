"""Website, worker, clock, mail server and database stopped one at a time: each time the outside monitor misses its ping.

A whole hub as processes, ten times as fast as a real one: a heartbeat every 6 seconds for one a minute. A monitor that
allows two minutes between pings must have noticed within three: here 12 and 18 seconds.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from faults.ground import Ground, ground
from faults.hub import Hub
from faults.populate import Size
from hesley_hub.launching.process import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.services, pytest.mark.timeout(900)]
SCALE = 10
ALLOWS, WITHIN = 120 / SCALE, 180 / SCALE
SCALED = {
    "HUB_HEARTBEAT_EVERY": str(60 / SCALE),
    "HUB_PULSE_EVERY": str(10 / SCALE),
    "HUB_HEARTBEAT_LATE": str(90 / SCALE),
    "HUB_MONITOR_TIMEOUT": "2",
}


class Monitor:
    """An outside monitor: it knows when it was last pinged."""

    def __init__(self) -> None:
        self.pings: list[float] = []
        monitor = self

        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                monitor.pings.append(time.monotonic())
                self.send_response(200)
                self.end_headers()

            def log_message(self, *words: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self.address = f"http://127.0.0.1:{self.server.server_port}/ping"
        self._running = threading.Thread(target=self.server.serve_forever, args=(0.05,))

    @contextmanager
    def listening(self) -> Iterator[None]:
        self._running.start()
        try:
            yield
        finally:
            self.server.shutdown()
            self.server.server_close()
            self._running.join()

    def await_ping(self) -> None:
        before = len(self.pings)
        assert wait_until(lambda: len(self.pings) > before, seconds=120, every=0.05), "no ping"

    def noticed(self, stopped_at: float) -> float | None:
        """Seconds from the stop until the silence was longer than the monitor allows; None where it was not in time."""

        def silent() -> bool:
            return time.monotonic() - max(self.pings[-1], stopped_at - ALLOWS) > ALLOWS

        noticed = wait_until(silent, seconds=WITHIN - (time.monotonic() - stopped_at), every=0.05)
        return time.monotonic() - stopped_at if noticed else None


def stopped(server: Ground) -> None:
    """The database, at once and without a farewell."""
    os.kill(server.process.pid, signal.SIGQUIT)
    server.process.wait()


def test_each_part_that_stops_is_missed_within_three_minutes(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    monitor = Monitor()
    with monitor.listening(), ground(tmp_path / "ground", Size()) as server:
        hub = Hub(server, tmp_path / "hub", extra={**SCALED, "HUB_MONITOR_URL": monitor.address})
        parts: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
            "website": (hub.web.kill, hub.web.start),
            "worker": (hub.worker.kill, hub.worker.start),
            "clock": (hub.beat.kill, hub.beat.start),
            "mail server": (hub.sink.kill, hub.sink.start),
            "database": (lambda: stopped(server), server.start_again),
        }
        seen: dict[str, float | None] = {}
        try:
            hub.start()
            for name, (stop, start) in parts.items():
                monitor.await_ping()
                monitor.await_ping()  # it is steady
                at = time.monotonic()
                stop()
                seen[name] = monitor.noticed(at)
                start()
            monitor.await_ping()
        finally:
            hub.end()
    missed = [name for name, seconds in seen.items() if seconds is not None]
    told = ", ".join(f"{name} {seconds * SCALE:.0f} s" for name, seconds in seen.items() if seconds)
    record_property("line", f"silence noticed after (unscaled): {told}")
    assert missed == list(parts)
