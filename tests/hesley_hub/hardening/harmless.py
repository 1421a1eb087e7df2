"""Whether a page holds nothing that somebody put into it: judged by its elements, as a browser would see them."""

from html.parser import HTMLParser

ELSEWHERE = ("iframe", "object", "embed", "base", "applet", "frame", "style", "video", "audio", "font")


def _scheme(address: str) -> str:
    before, colon, _ = "".join(address.split()).partition(":")
    return before.lower() if colon and not set(before) & set("/?#") else ""


class _Judge(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ELSEWHERE or given.get("http-equiv"):
            self.found.append(tag)
        for name, value in given.items():
            if name.startswith("on") or name == "style":
                self.found.append(f"{tag} {name}")
            if name in ("src", "srcset", "data", "xlink:href") and not value.startswith("/static/"):
                self.found.append(f"{tag} {name}={value}")
            if name in ("action", "formaction") and value and not value.startswith(("/", "?", "#")):
                self.found.append(f"{tag} {name}={value}")
            if name == "href" and (
                value.startswith(("//", "\\")) or _scheme(value) not in ("", "mailto", "tel")
            ):
                self.found.append(f"{tag} {name}={value}")
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.found.append("script")


def strange(page: str) -> list[str]:
    """What a page of ours never holds; empty where it is harmless."""
    judge = _Judge()
    judge.feed(page)
    judge.close()
    return judge.found
