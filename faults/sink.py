"""A mail server on this machine whose manners can be changed while it runs: `python -m faults.sink SINK.json`.

It reads how to behave from a file at every connection, and writes each e-mail that it took, with its time, to another,
on disk before it says 250. Manners: see ``Manner``.
"""

import asyncio
import contextlib
import json
import re
import ssl
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from faults.ledger import Writer

LONGEST_SILENCE = 60.0
MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


class Manner(StrEnum):
    """How the server behaves; ``who`` beside it limits a manner to recipients whose address begins so."""

    ACCEPT = "accept"
    BUSY = "busy"  # 421 instead of a greeting
    GREYLIST = "greylist"  # 451 to every recipient
    UNKNOWN = "unknown"  # 550 to the recipient
    DROP = "drop"  # takes the e-mail, then is gone before it says 250
    HANG = "hang"  # says nothing more once the e-mail is being sent
    TARPIT = "tarpit"  # answers a byte a second


@dataclass(frozen=True)
class Place:
    """Where the server listens and what it reads and writes. certificate: makes it speak TLS from the first byte."""

    port: int
    manner: Path
    taken: Path
    certificate: str = ""

    @classmethod
    def read(cls, file: Path) -> "Place":
        told = json.loads(file.read_text())
        return cls(told["port"], Path(told["manner"]), Path(told["taken"]), told.get("certificate", ""))


class Server:
    """One connection after another, as many at once as come."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.writer = Writer(place.taken)

    async def serve(self) -> None:
        """Until the process ends."""
        context = None
        if self.place.certificate:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(self.place.certificate)
        listening = await asyncio.start_server(self.talk, "127.0.0.1", self.place.port, ssl=context)
        async with listening:
            await listening.serve_forever()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One conversation."""
        async with _closing(writer):
            manner, who = manner_of(self.place.manner)
            if manner == Manner.BUSY:
                await _say(writer, "421 too busy")
                return
            await _say(writer, "220 sink")
            await Talk(self, reader, writer, manner, who).go_on()


class Talk:
    """The state of one conversation."""

    def __init__(
        self,
        server: Server,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        manner: Manner,
        who: str,
    ) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.manner, self.who = manner, who
        self.recipient = ""

    async def go_on(self) -> None:
        while line := await asyncio.wait_for(self.reader.readline(), LONGEST_SILENCE):
            words = line.decode(errors="replace").strip()
            if not await self.answer(words):
                return

    async def answer(self, words: str) -> bool:
        """Answer one line; whether the conversation goes on."""
        verb = words[:4].upper()
        if verb == "RCPT":
            self.recipient = words.partition("<")[2].partition(">")[0]
            await self.say(self.verdict())
        elif verb == "DATA":
            return await self.take()
        elif verb == "QUIT":
            await self.say("221 bye")
            return False
        else:
            await self.say("250 yes")
        return True

    def meant(self) -> bool:
        """Whether the manner is meant for this recipient."""
        return self.recipient.startswith(self.who)

    def verdict(self) -> str:
        refusals = {Manner.GREYLIST: "451 later", Manner.UNKNOWN: "550 nobody here"}
        return refusals.get(self.manner, "250 yes") if self.meant() else "250 yes"

    async def take(self) -> bool:
        await self.say("354 go on")
        if self.manner == Manner.HANG and self.meant():
            (self.server.place.taken.parent / "hanging").touch()
            await asyncio.sleep(LONGEST_SILENCE)
            return False
        text = await asyncio.wait_for(self.reader.readuntil(b"\r\n.\r\n"), LONGEST_SILENCE)
        found = MESSAGE_ID.search(text)
        dropped = self.manner == Manner.DROP and self.meant()
        self.server.writer.write(
            what="taken",
            message_id=found[1].decode() if found else "",
            to=self.recipient,
            at=time.time(),
            said=not dropped,
        )
        if dropped:
            return False
        await self.say("250 taken")
        return True

    async def say(self, text: str) -> None:
        await _say(self.writer, text, slowly=self.manner == Manner.TARPIT and self.meant())


async def _say(writer: asyncio.StreamWriter, text: str, *, slowly: bool = False) -> None:
    line = text.encode() + b"\r\n"
    for piece in [bytes([one]) for one in line] if slowly else [line]:
        writer.write(piece)
        await writer.drain()
        if slowly:
            await asyncio.sleep(1)


@asynccontextmanager
async def _closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """A client that goes away in the middle ends its conversation and nothing else."""
    try:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            yield
    finally:
        writer.close()


def manner_of(file: Path) -> tuple[Manner, str]:
    """The manner that stands in the file, and for whom."""
    if not file.exists():
        return Manner.ACCEPT, ""
    manner, _, who = file.read_text().strip().partition(" ")
    return Manner(manner), who


if __name__ == "__main__":
    asyncio.run(Server(Place.read(Path(sys.argv[1]))).serve())
