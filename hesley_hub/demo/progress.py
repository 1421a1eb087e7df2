"""How far the history has been loaded, in a small file that every page can read (hesley_hub.interface.context)."""

import json
from pathlib import Path

from django.conf import settings

FILE = "history.json"


def _path() -> Path:
    return Path(settings.HUB_DIR) / FILE


def write(done: int, total: int) -> None:
    """Say how much of how much is loaded; in one piece, so that no page reads half a file."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps({"done": done, "total": total}))
    part.replace(path)


def behind() -> bool:
    """Whether a history is still to be loaded."""
    try:
        told = json.loads(_path().read_text(encoding="utf-8"))
        return int(told["done"]) < int(told["total"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
