"""What children said to those who live and work with them, in the last weeks of the story, and what was done."""

from datetime import date, timedelta

from events.deadlines import start_of_day
from hesley_hub.demo import words
from hesley_hub.demo.country import HOMES, MANAGERS_HOME
from hesley_hub.demo.draws import pick, share
from hesley_hub.demo.keys import key
from hesley_hub.demo.stays import residents
from hesley_hub.demo.story import Story
from hesley_hub.demo.world import child_of_helpers, holder
from homes.models import Child, Home
from voice.heard import actions as voice

#: In so many last days of the story a home hears a child on about one day in EVERY.
LAST_DAYS, EVERY = 75, 18
EVENING = timedelta(hours=19)
ADVOCATE_CAME = 9  # days before the evening


def hear(told: Story, day: date) -> None:
    """Record what is said on a day."""
    if day < told.evening - timedelta(days=LAST_DAYS):
        return
    for urn in HOMES:
        if share(f"hears {urn} {day}") < 1 / EVERY:
            _heard_at_home(told, urn, day)
    if day == told.evening - timedelta(days=ADVOCATE_CAME):
        _heard_by_advocate(told, day)


def _heard_at_home(told: Story, urn: str, day: date) -> None:
    living = residents(told.placements, urn, day)
    # Some children are not heard for weeks: the last of the list is seldom asked.
    child = pick(living[: max(len(living) * 2 // 3, 1)], f"who {urn} {day}")
    method, text, symbols, topic = pick(words.CHILDREN_SAY, f"said {urn} {day}")
    by, now = key("person", holder("registered_manager", urn)), start_of_day(day) + EVENING
    view = voice.record_view(
        new=voice.NewView(
            child=Child(id=key("child", child)),
            home=Home(id=key("home", urn)),
            said_at=now - timedelta(hours=1),
            method=method,
            heard_by=voice.name_of(by),
            words=text,
            symbols=symbols,
            topic=topic,
            client_id=key("view", f"{urn} {day}"),
        ),
        by=by,
        now=now,
    )
    if share(f"done {urn} {day}") < 0.6:
        what, changed = pick(words.WHAT_WAS_DONE, f"{urn} {day}")
        at = now + timedelta(minutes=50)
        voice.record_done(
            view=view,
            what=what,
            it_changed=changed,
            child_told_at=at,
            child_told_how="in the child's own way",
            by=by,
            now=at,
        )


def _heard_by_advocate(told: Story, day: date) -> None:
    """The advocate of the demonstration hears her child; nothing was done yet, and the home has not been told."""
    by, now = key("person", holder("advocate", MANAGERS_HOME)), start_of_day(day) + EVENING
    voice.record_view(
        new=voice.NewView(
            child=Child(id=key("child", child_of_helpers(told).child)),
            home=Home(id=key("home", MANAGERS_HOME)),
            said_at=now - timedelta(hours=3),
            method="symbols",
            heard_by=voice.name_of(by),
            symbols=("night", "staff", "scared"),
            topic="night",
            client_id=key("view", f"advocate {day}"),
        ),
        by=by,
        now=now,
    )
