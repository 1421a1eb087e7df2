"""Runs a Django command where it belongs: on the hub that is running here, or on servers of its own.

`token`, `audit` and `calibrate --store` are about a hub: the one that runs, or the one whose data lie here, started for
the moment. `replay`, `bench`, `faults` and any other `calibrate` get servers that are gone afterwards, so nothing they do
can touch a hub.
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hesley_hub.launching.services import services
from hesley_hub.launching.world import ROOT, World, hub_folder

ABOUT_A_HUB = ("token", "audit")
MAY_LOSE_DATA = ("replay", "calibrate", "bench")
#: What measures the hub is no part of it: packages of their own, beside the product's.
OUTSIDE = {"bench": ("-m", "benchmarks"), "faults": ("-m", "faults")}


def needs_no_server(command: str, words: list[str]) -> bool:
    """Whether the command only computes, or starts servers itself."""
    return command in ("calibrate", "faults") or (
        command == "replay" and bool({"--engine-only", "--hesley"} & set(words))
    )


def about_a_hub(command: str, words: list[str]) -> bool:
    """Whether the command reads or changes the data of a hub."""
    return command in ABOUT_A_HUB or (command == "calibrate" and "--store" in words)


@contextmanager
def of_a_hub(folder: Path) -> Iterator[Mapping[str, str]]:
    """The environment of the hub that runs within `folder`, the demonstration first; else one started for this."""
    worlds = [World.of(kind, folder) for kind in ("demo", "live") if (folder / kind).is_dir()]
    for world in worlds:
        running = world.running()
        if running:
            yield running
            return
    world = worlds[0] if worlds else World.of("demo", folder)
    with world.held(), services(world.folder) as started:
        yield {**started.environment(), "HUB_DIR": str(world.folder), "HUB_SECRET_KEY": world.secret()}


@contextmanager
def of_its_own(command: str, words: list[str]) -> Iterator[Mapping[str, str]]:
    """An environment in a folder that is removed afterwards, with servers if the command needs any."""
    folder = Path(tempfile.mkdtemp(prefix="hub-"))
    ours = {"HUB_DIR": str(folder), "HUB_SECRET_KEY": secrets.token_urlsafe(50)}
    try:
        if needs_no_server(command, words):
            yield ours
            return
        with services(folder, durable=command not in MAY_LOSE_DATA) as started:
            yield {**ours, **started.environment()}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """The exit status of the command; 130 when interrupted."""
    command, words = arguments[0], arguments[1:]
    place = of_a_hub(hub_folder()) if about_a_hub(command, words) else of_its_own(command, words)
    with place as environment:
        line = [sys.executable, *(OUTSIDE.get(command) or (str(ROOT / "manage.py"), command)), *words]
        try:
            return subprocess.run(line, env={**os.environ, **environment}, check=False).returncode
        except KeyboardInterrupt:
            return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
