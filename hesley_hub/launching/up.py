"""`./hub up`: start a hub, say where it is and who may sign in, and keep it alive until stopped."""

import argparse
import os
import secrets
import sys
from pathlib import Path
from socket import socket

from hesley_hub.launching import parts
from hesley_hub.launching.binaries import ProgramMissingError
from hesley_hub.launching.ports import NoPortError, free_port, listen
from hesley_hub.launching.postgres import Postgres
from hesley_hub.launching.process import NotStartedError
from hesley_hub.launching.services import DATABASE, embedded_urls, environment_of, own_urls
from hesley_hub.launching.supervisor import PartFailedError, Stopping, Supervisor
from hesley_hub.launching.valkey import Valkey
from hesley_hub.launching.world import ROOT, AlreadyRunningError, World, hub_folder

DEFAULT_PORT = 8000


def say(line: str) -> None:
    """Print at once, also into a pipe."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def parse(arguments: list[str]) -> argparse.Namespace:
    """The options of `up`."""
    parser = argparse.ArgumentParser(prog="./hub up", description="Start the hub and keep it running.")
    parser.add_argument(
        "--empty", action="store_true", help="a live hub with no data, instead of the demonstration"
    )
    parser.add_argument("--fresh", action="store_true", help="remove this hub's data first")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="the first port to try (%(default)s)")
    parser.add_argument("--host", default="", help="listen on this address instead of 127.0.0.1 only")
    parser.add_argument("--no-input", action="store_true", help="ask nothing")
    return parser.parse_args(arguments)


def may_empty(options: argparse.Namespace, world: World) -> bool:
    """Whether --fresh may go ahead. A live hub's records are removed only for somebody who types so."""
    if os.environ.get("DATABASE_URL"):
        say("--fresh removes an embedded database only; DATABASE_URL names a server of your own.")
        return False
    if world.kind == "demo" or not (world.folder / "postgres").exists():
        return True
    if options.no_input or not sys.stdin.isatty():
        say(
            "--fresh would remove a live hub's records: it asks first, so it needs a terminal and no --no-input."
        )
        return False
    say(f"This removes every record of the live hub in {world.folder}.")
    return input("Type delete to go on: ").strip() == "delete"


def start_servers(crew: Supervisor, folder: Path) -> dict[str, str]:
    """Start the embedded servers that no variable replaces; the addresses of all, as variables."""
    broker = Valkey.at(folder, log=folder / "log" / "valkey.log") if not os.environ.get("REDIS_URL") else None
    if broker:
        crew.add(parts.valkey(broker))
    if os.environ.get("DATABASE_URL"):
        urls = own_urls(os.environ)
    else:
        server = Postgres.at(folder, log=folder / "log" / "postgres.log")
        crew.add(parts.postgres(server))
        crew.await_ready("postgres", seconds=60)
        server.provision(DATABASE)
        urls = embedded_urls(server)
    if broker:
        crew.await_ready("valkey", seconds=20)
    return environment_of(urls, broker.url if broker else os.environ["REDIS_URL"])


def run_step(crew: Supervisor, shop: parts.Workshop, name: str, *words: str, seconds: float = 600) -> str:
    """Run one Django command to its end; what it printed."""
    crew.add(parts.step(shop, name, *words))
    try:
        crew.await_end(name, seconds=seconds)
    except PartFailedError as failure:
        raise PartFailedError(f"{failure}:\n{_end_of(shop.log(name))}") from None
    return shop.log(name).read_text(errors="replace").strip()


def address_of(listening: socket, host: str) -> str:
    """The address to print and to put into mails. An address that means "all" is given as this machine's own."""
    shown = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
    return f"http://{shown}:{listening.getsockname()[1]}"


def settings_for(options: argparse.Namespace, world: World, address: str) -> dict[str, str]:
    """What the settings read from the environment, beside the servers' addresses."""
    values = {"HUB_ADDRESS": os.environ.get("HUB_ADDRESS", address), "HUB_SECRET_KEY": world.secret()}
    hosts = ["localhost", "127.0.0.1", "[::1]", options.host]
    values["HUB_ALLOWED_HOSTS"] = os.environ.get("HUB_ALLOWED_HOSTS") or (
        "*" if options.host in ("0.0.0.0", "::") else ",".join(filter(None, hosts))  # noqa: S104
    )
    if world.kind == "demo":
        values["HUB_SMTP_URL"] = f"smtp://127.0.0.1:{free_port()}"
        if options.host:
            values["HUB_DEMO_PASSWORD"] = secrets.token_urlsafe(9)
    return values


def run(options: argparse.Namespace, world: World, crew: Supervisor) -> None:
    """Start everything in order, then keep it until stopped."""
    with listen(options.host or "127.0.0.1", options.port) as listening:
        port = listening.getsockname()[1]
        if port != options.port:
            say(f"Port {options.port} is taken; using {port}.")
        address = address_of(listening, options.host)
        values = settings_for(options, world, address)
        say(f"Starting the hub at {address} ({world.kind}); logs in {world.folder / 'log'}")
        servers = start_servers(crew, world.folder)
        environment = parts.environment_for(world.folder, **servers, **values)
        world.note({**servers, **values, "HUB_DIR": str(world.folder)})
        shop = parts.Workshop(ROOT, world.folder, environment)
        # They take as long to start as the database takes to be prepared, and ask nothing of it until they are asked.
        crew.add(parts.web(shop, listening, address))
        crew.add(parts.worker(shop))
        people = run_step(crew, shop, "prepare", "prepare", world.kind)
        await_serving(crew, shop, ["web", "worker"])
        if world.kind == "demo":
            crew.add(parts.mail_sink(shop, values["HUB_SMTP_URL"]))
            await_serving(crew, shop, ["mailsink"])
        say(f"\n{address}\n\n{people}")
        if "HUB_DEMO_PASSWORD" in values:
            say(f"\nEverybody's password, for this start only: {values['HUB_DEMO_PASSWORD']}")
        say("\nready")
        crew.add(parts.beat(shop))
        if world.kind == "demo":
            crew.add(parts.step(shop, "history", "demo_history", tries=3))
        crew.keep()


def await_serving(crew: Supervisor, shop: parts.Workshop, names: list[str]) -> None:
    """Wait for parts to do their work; when one does not come, show the end of its log."""
    for name in names:
        try:
            crew.await_ready(name, seconds=90)
        except PartFailedError as failure:
            raise PartFailedError(f"{failure}:\n{_end_of(shop.log(name))}") from None


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-3000:]


def main(arguments: list[str]) -> int:
    """Exit status 0 when stopped on request, 1 when something could not start."""
    options = parse(arguments)
    world = World.of("live" if options.empty else "demo", hub_folder())
    try:
        with world.held():
            if options.fresh:
                if not may_empty(options, world):
                    return 1
                world.empty()
            with Supervisor(say) as crew:
                run(options, world, crew)
                say("Stopping.")
    except Stopping:
        pass
    except (
        AlreadyRunningError,
        NoPortError,
        NotStartedError,
        PartFailedError,
        ProgramMissingError,
    ) as trouble:
        say(str(trouble))
        return 1
    say("Stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
