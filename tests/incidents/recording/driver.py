"""Going through the pages as somebody would, page by page."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from events.clock import LONDON
from homes.models import User
from tests.sealed import send

Typed = dict[str, Any]


def day(name: str, moment: datetime) -> Typed:
    """A day as its three boxes are posted."""
    local = moment.astimezone(LONDON)
    return {
        f"{name}_choice": "other",
        f"{name}_day": str(local.day),
        f"{name}_month": str(local.month),
        f"{name}_year": str(local.year),
    }


def when(now: datetime, **more: Any) -> Typed:
    """The page "when": it happened three hours ago, about; they knew two hours ago."""
    happened, known = now - timedelta(hours=3), now - timedelta(hours=2)
    return (
        day("occurred_on", happened)
        | day("known_on", known)
        | {
            "occurred_time": f"about {happened.astimezone(LONDON):%H:%M}",
            "known_time": f"{known.astimezone(LONDON):%H:%M}",
        }
        | more
    )


@dataclass
class Walk:
    """One person at the keyboard, in one stream, at one home."""

    user: User
    stream: str
    urn: str
    client: Client = field(default_factory=Client)
    draft: str = ""

    def __post_init__(self) -> None:
        self.client.force_login(self.user)

    def start(self, in_danger: str = "no") -> Any:
        answer = self.client.post(f"/record/{self.stream}/", {"home": self.urn, "in_danger": in_danger})
        if answer.status_code == 302:
            found = re.search(r"/record/draft/([0-9a-f-]+)/", answer["Location"])
            assert found
            self.draft = found[1]
        return answer

    def at(self, page: str) -> str:
        return f"/record/draft/{self.draft}/{page}"

    def say(self, step: str, typed: Typed) -> Any:
        return send(self.client, self.at(f"{step}/"), typed)

    def page(self, page: str) -> str:
        answer = self.client.get(self.at(page))
        assert answer.status_code == 200, (page, answer.status_code, answer.get("Location"))
        return str(answer.content.decode())

    def send(self) -> Any:
        return send(self.client, self.at("check/"), {})

    def through(self, pages: dict[str, Typed]) -> Any:
        """Start, answer every page, check and record; the answer to the last."""
        assert self.start().status_code == 302
        for step, typed in pages.items():
            answer = self.say(step, typed)
            assert answer.status_code == 302, (step, errors(answer))
        return self.send()


def errors(answer: Any) -> list[str]:
    """The lines of the error summary."""
    text = answer.content.decode()
    found = re.search(r"There is a problem.*?</ul>", text, re.S)
    return (
        [re.sub(r"<[^>]+>", "", line).strip() for line in re.findall(r"<li>(.*?)</li>", found[0], re.S)]
        if found
        else []
    )
