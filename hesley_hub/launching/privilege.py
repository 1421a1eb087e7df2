"""Running PostgreSQL when we are root, which it refuses.

A user namespace lets it keep reading folders that only root may enter, without loosening a single permission.
Where namespaces are refused (many containers) it runs as `nobody`, and what `nobody` cannot reach is put where it
can: see `docs/adr/0001-embedded-services.md`.
"""

import hashlib
import os
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

NOBODY = "nobody"
_NAMESPACE = ("unshare", "--user", "--map-user=65534", "--map-group=65534")
_ELSEWHERE = Path("/var/tmp")  # noqa: S108 - each folder in it is checked to be ours


@dataclass(frozen=True)
class Privilege:
    """How a program that refuses root is started: `prefix` goes before its command, `user` is who runs it."""

    name: str
    prefix: tuple[str, ...] = ()
    user: str | None = None


OURSELVES = Privilege("ourselves")
NAMESPACE = Privilege("user namespace", prefix=_NAMESPACE)
AS_NOBODY = Privilege("nobody", user=NOBODY)


def namespaces_work() -> bool:
    """Whether this machine lets us make a user namespace (`HUB_NO_USERNS=1` says no)."""
    if os.environ.get("HUB_NO_USERNS") == "1" or shutil.which("unshare") is None:
        return False
    return subprocess.run([*_NAMESPACE, "true"], capture_output=True, check=False).returncode == 0


def _reaches(privilege: Privilege, *, writes: Path, runs: Path) -> bool:
    script = 'test -w "$1" && "$2" --version'
    return (
        subprocess.run(
            [*privilege.prefix, "sh", "-c", script, "sh", str(writes), str(runs)],
            capture_output=True,
            check=False,
            user=privilege.user,
            extra_groups=[] if privilege.user else None,
            cwd="/",
        ).returncode
        == 0
    )


@dataclass(frozen=True)
class Placed:
    """Where PostgreSQL runs: as whom, from which programs, in which data and socket folders."""

    privilege: Privilege
    programs: Path
    data: Path
    sockets: Path


def place(programs: Path, data: Path, sockets: Path) -> Placed:
    """Make the data and socket folders (0700) and choose how PostgreSQL reaches them.

    As root without namespaces, folders and programs that `nobody` cannot reach are placed under /var/tmp,
    and stay there.
    """
    for folder in (data, sockets):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() != 0:
        return Placed(OURSELVES, programs, data, sockets)
    if (elsewhere(data) / "data" / "PG_VERSION").exists():
        return _place_elsewhere(programs, data)
    if namespaces_work() and _reaches(NAMESPACE, writes=data, runs=programs / "postgres"):
        return Placed(NAMESPACE, programs, data, sockets)
    for folder in (data, sockets):
        _give(folder, NOBODY)
    if _reaches(AS_NOBODY, writes=data, runs=programs / "postgres"):
        return Placed(AS_NOBODY, programs, data, sockets)
    return _place_elsewhere(programs, data)


def _place_elsewhere(programs: Path, data: Path) -> Placed:
    root = elsewhere(data)
    _own_folder(root)
    data_there, sockets_there = root / "data", root / "run"
    if any(data.iterdir()) and not data_there.exists():
        shutil.move(data, data_there)
    for folder in (data_there, sockets_there):
        folder.mkdir(mode=0o700, exist_ok=True)
        _give(folder, NOBODY)
    return Placed(AS_NOBODY, _copy_programs(programs), data_there, sockets_there)


def elsewhere(data: Path) -> Path:
    """The folder outside the checkout that stands in for `data` when `nobody` cannot reach it."""
    return _ELSEWHERE / f"hesley-hub-{_digest(str(data.resolve()))}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _own_folder(folder: Path) -> None:
    folder.mkdir(mode=0o711, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise PermissionError(f"{folder} is not a folder of ours: remove it, then start again.")
    folder.chmod(0o711)


def _copy_programs(programs: Path) -> Path:
    """Copy the installation and the libraries beside it to where `nobody` may read; a whole copy is used again."""
    install = programs.parent
    libraries = install.parent.with_name(install.parent.name + ".libs")
    target = _ELSEWHERE / f"hesley-hub-programs-{_digest(f'{install} {install.stat().st_mtime_ns}')}"
    there = target / install.parent.name / install.name / programs.name
    if target.exists():
        _own_folder(target)
        return there
    making = target.with_name(f"{target.name}.{os.getpid()}")
    _own_folder(making)
    shutil.copytree(install, making / install.parent.name / install.name, symlinks=True)
    if libraries.is_dir():
        shutil.copytree(libraries, making / libraries.name, symlinks=True)
    (making / install.parent.name).chmod(0o755)
    try:
        making.rename(target)
    except OSError:  # another hub was quicker
        shutil.rmtree(making)
    return there


def _give(folder: Path, user: str) -> None:
    import pwd

    account = pwd.getpwnam(user)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
