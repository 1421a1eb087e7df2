"""What the log says: one line for each thing that happened, in UTC, without what somebody wrote.

The text of an exception may quote a record (a refused row, a value that could not be read), so a failure is told by its
kinds and places alone.
"""

import logging
import time
import traceback
from collections.abc import Iterator

NEWLINES = str.maketrans({"\n": "\\n", "\r": "\\r"})


def one_line(text: str) -> str:
    """The text with every sign that would begin a line, or steer a terminal, written out."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode()
        for sign in text.translate(NEWLINES)
    )


def _chain(problem: BaseException | None) -> Iterator[BaseException]:
    while problem is not None:
        yield problem
        problem = problem.__cause__ or problem.__context__


class Plain(logging.Formatter):
    """``2026-11-23T18:47:31Z INFO name what was said``; below it, for a failure, where it came from."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        return one_line(super().formatMessage(record))

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's name
        problem = ei[1] if isinstance(ei, tuple) else None
        lines = []
        for one in _chain(problem):
            lines.append(f"  {type(one).__module__}.{type(one).__qualname__}")
            lines += [
                f"    at {frame.filename}:{frame.lineno} in {frame.name}"
                for frame in traceback.extract_tb(one.__traceback__)
            ]
        return "\n".join(lines)


class ByRoute(logging.Filter):
    """Django names the address of what failed; an address may be a link that signs somebody in. Names the route."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.request"):
            match = getattr(getattr(record, "request", None), "resolver_match", None)
            record.msg, record.args = (
                "%s at %s",
                (getattr(record, "status_code", "-"), match and match.view_name),
            )
        return True
