"""What the API takes for JSON: one meaning only, and no deeper than a record can be."""

import codecs
import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.utils.json import strict_constant

DEEPEST = 20


class StrictJSON(JSONParser):
    """JSON in UTF-8. Refuses a name that stands twice in one object, and nesting beyond ``DEEPEST``."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            text = codecs.getreader("utf-8")(stream).read()
            found = json.loads(text, parse_constant=strict_constant, object_pairs_hook=_each_name_once)
        except RecursionError:
            raise ParseError(f"JSON may be {DEEPEST} levels deep") from None
        except ValueError:
            raise ParseError("This is not JSON in UTF-8 in which each name stands once") from None
        if _deeper(found, DEEPEST):
            raise ParseError(f"JSON may be {DEEPEST} levels deep")
        return found


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _deeper(found: Any, than: int) -> bool:
    inner = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    return than < 0 or any(_deeper(one, than - 1) for one in inner)
