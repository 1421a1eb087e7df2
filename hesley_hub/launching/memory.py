"""Memory of a process and everything it started: `python -m hesley_hub.launching.memory PID`.

Figures are proportional set sizes (PSS), in MiB: a page shared by n processes counts 1/n for each, so they add up.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")


def parents(proc: Path = PROC) -> dict[int, int]:
    """Every process and its parent."""
    found: dict[int, int] = {}
    for folder in proc.glob("[0-9]*"):
        try:
            # The name in brackets may hold spaces and brackets; the parent is the second word after it.
            after_name = (folder / "stat").read_text().rpartition(")")[2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        found[int(folder.name)] = int(after_name.split()[1])
    return found


def tree(root: int, proc: Path = PROC) -> Iterator[int]:
    """`root` and its descendants."""
    children: dict[int, list[int]] = {}
    for pid, parent in parents(proc).items():
        children.setdefault(parent, []).append(pid)
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting += children.get(pid, [])


def proportional_size(pid: int, proc: Path = PROC) -> float:
    """PSS of one process in MiB; 0 when it has gone."""
    try:
        lines = (proc / str(pid) / "smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def command_line(pid: int, proc: Path = PROC) -> str:
    """The words a process was started with."""
    try:
        return (
            (proc / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        )
    except (FileNotFoundError, ProcessLookupError):
        return ""


def main(arguments: list[str]) -> int:
    """Print one line per process and the sum."""
    total = 0.0
    for pid in tree(int(arguments[0])):
        size = proportional_size(pid)
        total += size
        sys.stdout.write(f"{size:8.1f} MiB  {pid:>7}  {command_line(pid)[:90]}\n")
    sys.stdout.write(f"{total:8.1f} MiB  in all\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
