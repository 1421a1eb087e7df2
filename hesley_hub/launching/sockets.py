"""Folders for unix sockets. A socket's path may be 107 bytes long; a deep checkout needs a shorter one."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

LONGEST_PATH = 107
_LONGEST_NAME = len("/.s.PGSQL.5432.lock")


def socket_folder(wished: Path) -> Path:
    """`wished`, or a short folder (0700, ours) in the runtime directory when the path would be too long."""
    if len(os.fsencode(wished.absolute())) + _LONGEST_NAME <= LONGEST_PATH:
        wished.mkdir(mode=0o700, parents=True, exist_ok=True)
        return wished.absolute()
    digest = hashlib.sha256(os.fsencode(wished.absolute())).hexdigest()[:12]
    short = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"hub-{os.geteuid()}-{digest}"
    short.mkdir(mode=0o700, exist_ok=True)
    found = short.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o077 or found.st_uid != os.geteuid():
        raise PermissionError(f"{short} is not a private folder of ours: remove it, then start again.")
    return short
