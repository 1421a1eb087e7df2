"""manage.py mailsink: the demonstration's mail server, until it is told to stop."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from hesley_hub.demo_mail.sink import controller
from oversight.escalation.channels.email.sending import sink_port


class Command(BaseCommand):
    help = "Keep e-mails of the demonstration under HUB_DIR/mail; nothing is sent on."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        port = sink_port()
        sink = controller(port)
        sink.start()
        self.stdout.write(f"mailsink listens on port {port} of this machine")
        self.stdout.flush()
        try:
            stop.wait()
        finally:
            sink.stop()
