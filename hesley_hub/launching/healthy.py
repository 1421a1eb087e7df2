"""Whether a part in its container does its work: `python -m hesley_hub.launching.healthy web|worker|beat`.

Exit status 0 when it does. The address and the schedule are those of docker-compose.yml unless the environment says
otherwise (HUB_WEB_PORT, HUB_DIR).
"""

import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

#: Beat writes its schedule down every three minutes.
STALE_AFTER = 600.0


def web() -> bool:
    """The page that says it is alive, asked for as the reverse proxy does."""
    address = urlsplit(os.environ.get("HUB_ADDRESS", "http://127.0.0.1"))
    headers = {"Host": address.netloc, "X-Forwarded-Proto": address.scheme}
    connection = http.client.HTTPConnection(
        "127.0.0.1", int(os.environ.get("HUB_WEB_PORT", "8000")), timeout=8
    )
    try:
        connection.request("GET", "/health/live", headers=headers)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def worker() -> bool:
    """The worker on this machine answers over the broker."""
    line = [sys.executable, "-m", "celery", "-A", "hesley_hub.celery", "inspect", "ping", "--timeout", "3"]
    line += ["--destination", f"worker@{socket.gethostname()}"]
    return subprocess.run(line, capture_output=True, check=False).returncode == 0


def beat() -> bool:
    """The schedule has been written down lately."""
    written = [path.stat().st_mtime for path in Path(os.environ.get("HUB_DIR", ".")).glob("beat-schedule*")]
    return bool(written) and time.time() - max(written) < STALE_AFTER


PARTS = {"web": web, "worker": worker, "beat": beat}

if __name__ == "__main__":
    sys.exit(0 if PARTS[sys.argv[1]]() else 1)
