"""Two pictures in random orders: what the provider's people are served moves only when something was shared with them
or is theirs, and then it is what it would be had nothing else ever been recorded."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

import pytest
from django.core.cache import cache
from django.db import transaction

from events import clock, outbox
from hesley_hub.access.routes import Thing
from homes.models import Home
from incidents.record.models import Duty, Incident
from oversight.escalation.models import Alert, Delivery
from oversight.visits.models import Visit
from tests import cast
from tests.access import past
from tests.access.addresses import Address, Things, filled
from tests.access.orders import ADDRESSED, OWN, Dated, Run, Step, as_told, drawn, word
from tests.access.serving import Served, all_served
from tests.access.test_two_pictures import OF_THE_HUB
from tests.conftest import owner
from voice.heard.models import View

pytestmark = pytest.mark.django_db

A_HOME = {"home", "record:records", "api-timeline", "api-assessment"}
#: What is asked for after every step, and of which home.
OFTEN = {
    "asha": ("DEMO001", A_HOME | {"start", "alerts", "child", "record:record"}),
    "dan": ("DEMO001", {"own-provider"}),
    "vera": ("DEMO003", {"record:records", "api-assessment"}),
}
#: Everybody of the provider's and the manager of another provider's home, with what each is asked for at the end.
AT_LAST = {
    "asha": {"view", "alert", "incident-pdf", "home-visits", "child-looks", "own-looks-csv"},
    "ben": {"start", "home-children"},
    "una": {"api-incidents-list", "api-incidents-detail"},
    "dan": {"start", "own-provider", "own-looks", "api-alerts"},
    "vera": A_HOME,
    "cerys": A_HOME,
}
#: Where a hidden thing would be found.
DIRECT = {
    "record:record",
    "incident-pdf",
    "record:share",
    "api-incidents-detail",
    "view",
    "alert",
    "api-alert",
}
KEYS = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|\b[a-z0-9]{1,4}-[a-z0-9]{4}-[a-z0-9]{4}\b",
    re.IGNORECASE,
)
#: More wordings than any record has in a plan; the last is why it was withdrawn.
MOST_VERSIONS = 10
#: Orders of the ordinary suite: between them an outcome that is sent, a record amended and shared, decisions, a night.
SLICE = (32, 27)
Found = TypeVar("Found")
Pages = dict[str, dict[str, Served]]


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[datetime]]:
    """The hub's clock, which stands where the test sets it."""
    held = [cast.NOW]
    monkeypatch.setattr(clock, "now", lambda: held[0])
    token = outbox.prompts.set(False)
    yield held
    outbox.prompts.reset(token)


@pytest.fixture
def run(db: None, moment: list[datetime], monkeypatch: pytest.MonkeyPatch) -> Run:
    with owner():
        world = cast.build(cast.NOW)
        fir = past.wider(world)
    past.own(world)
    past.closed(world, fir)
    built = Run(world, fir, cast.NOW + timedelta(minutes=10))
    monkeypatch.setattr("incidents.record.actions.new_reference", built.reference)
    return built


def known(run: Run) -> Things:
    """The keys of what the provider knows, in the order in which it came to know; of the rest, all."""
    with owner():
        mine = Incident.objects.filter(provider_sees=True).order_by("recorded_at", "occurred_at")
        references = list(mine.values_list("reference", flat=True))
        homes = list(Home.objects.order_by("urn").values_list("urn", flat=True))
        children = [str(child.pk) for child in (run.world.rowan, run.world.sky, run.world.tam)]
        visits = [str(key) for key in Visit.objects.values_list("pk", flat=True)]
        views = View.objects.filter(provider_sees=True).order_by("said_at")
        alerts = Alert.objects.filter(picture="provider").order_by("opened_at", "kind")
        duties = Duty.objects.filter(incident__in=mine).order_by("incident__occurred_at", "code", "who")
        return Things(
            keys={
                **dict.fromkeys((Thing.HOME, Thing.RECORDS, Thing.CHILDREN, Thing.VISITS, Thing.MATTERS), homes),
                **dict.fromkeys((Thing.CHILD, Thing.LOOKS_AT_CHILD), children),
                **dict.fromkeys((Thing.VISIT, Thing.REPORT), visits),
                Thing.RECORD: references,
                Thing.PROVIDER: [str(run.world.elm.provider_id), str(run.world.oak.provider_id)],
                Thing.ALERT: list(alerts.values_list("reference", flat=True)),
                Thing.VIEW: [str(key) for key in views.values_list("pk", flat=True)],
                Thing.DUTY: [str(key) for key in duties.values_list("pk", flat=True)],
                Thing.STREAM: ["reg40", "lado", "complaint", "hospital", "whistleblowing"],
            }
        )  # fmt: skip


def pages(run: Run, moment: list[datetime], *, last: bool = False, whole: bool = False) -> Pages:
    """What each is served, and the mail composed for them. last: with files; whole: at every address there is."""
    moment[0] = run.day + timedelta(hours=4)
    cache.clear()
    where = [one for one in filled(known(run)) if not one.path.startswith(OF_THE_HUB)]
    found = {}
    for name in AT_LAST if last or whole else OFTEN:
        urn, often = OFTEN.get(name, ("", set[str]()))
        wanted = often | (AT_LAST[name] if last else set())
        near = "" if last else urn
        asked = [one for one in where if whole or (one.route in wanted and _near(one, run, near))]
        found[name] = all_served(run.world.people[name], asked)
    with owner():
        mails = Delivery.objects.filter(organisation__kind="provider")
        # Without their keys: by those, which are random, two of one moment would change places.
        for mail in sorted(
            mails, key=lambda one: (one.owed_since, one.address, KEYS.sub("", one.subject + one.body))
        ):
            found["mail"] = found.get("mail", {}) | {
                f"{len(found.get('mail', {}))}": Served(200, mail.address, f"{mail.subject}\n{mail.body}")
            }
    return found


def _near(address: Address, run: Run, urn: str) -> bool:
    """At the end everything; after a step the home that the person knows, and what the steps made."""
    if not urn:
        return True
    if address.thing is Thing.RECORD:
        made = [row for number, row in run.rows.items() if number >= 0]
        return address.about in {row.reference for row in made if isinstance(row, Incident)}
    homes = (Thing.HOME, Thing.RECORDS, Thing.VISITS)
    return address.about == urn if address.thing in homes else address.about in ("", str(run.world.rowan.pk))


def plain(found: Pages) -> list[tuple[str, str, int, str, str]]:
    """The same without keys, which are random: each becomes its number in the order of appearance."""
    seen: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        return seen.setdefault(match.group().lower(), f"K{len(seen)}")

    return [
        (name, KEYS.sub(number, path), page.status, KEYS.sub(number, page.to), KEYS.sub(number, page.text))
        for name, asked in found.items()
        for path, page in asked.items()
    ]


def unlike(before: Pages, after: Pages) -> list[tuple[str, str]]:
    return [
        (name, path)
        for name, asked in after.items()
        for path, page in asked.items()
        if page != before.get(name, {}).get(path)
    ] + [(name, path) for name, asked in before.items() for path in asked if path not in after.get(name, {})]


def words(done: Sequence[Dated]) -> set[str]:
    """Every word that must not be served so far: of hidden records, and of what shared ones said before they were."""
    versions: dict[int, int] = {}
    shared: dict[int, int] = {}
    for step, _ in done:
        match step.what:
            case "record":
                versions[step.number] = 0
                if step.kind in (*OWN, *ADDRESSED):
                    shared[step.number] = 0
            case "amend":
                versions[step.on] += 1
            case "share" | "send":
                shared.setdefault(step.on, versions[step.on])
    return {
        word(number, version) for number in versions for version in range(shared.get(number, MOST_VERSIONS))
    }


def hidden_refused(run: Run) -> list[tuple[str, str]]:
    """Hidden records that somebody of the provider's can open all the same."""
    with owner():
        hidden = list(Incident.objects.filter(provider_sees=False).values_list("reference", flat=True))
        unshared = [str(key) for key in View.objects.filter(provider_sees=False).values_list("pk", flat=True)]
        alerts = list(Alert.objects.filter(picture="overseers").values_list("reference", flat=True))
    things = Things(keys={Thing.RECORD: hidden, Thing.VIEW: unshared, Thing.ALERT: alerts})
    where = [one for one in filled(things) if one.route in DIRECT and one.about]
    return [
        (name, path)
        for name in ("asha", "vera")
        for path, page in all_served(run.world.people[name], where).items()
        if page.status not in (404, 405)
    ]


def as_it_came(
    run: Run, moment: list[datetime], plan: Sequence[Step], *, last: bool, whole: bool
) -> tuple[list[Dated], list[Pages]]:
    """Carry the plan out; nothing moves at a step that tells the provider nothing."""
    done: list[Dated] = []
    shown = [pages(run, moment)]
    for step in plan:
        dated = (step, run.at(step))
        after = run.carry_out(dated)
        if after is None:
            continue
        done.append((after, dated[1]))
        now = as_told(done)
        shown.append(pages(run, moment))
        if not now[-1]:
            assert unlike(shown[-2], shown[-1]) == [], (step, done)
        forbidden = words(done)
        text = "\n".join(page.text for asked in shown[-1].values() for page in asked.values())
        assert [one for one in forbidden if one in text] == [], (step, done)
    assert hidden_refused(run) == [], done
    shown.append(pages(run, moment, last=last, whole=whole))
    return done, shown


def as_known(
    run: Run, moment: list[datetime], done: Sequence[Dated], *, last: bool, whole: bool
) -> list[Pages]:
    """Carry out only what the provider may know, when it may."""
    shown = [pages(run, moment)]
    for steps in as_told(done):
        if steps:
            run.carry_out(*steps)
        shown.append(pages(run, moment) if steps else shown[-1])
    shown.append(pages(run, moment, last=last, whole=whole))
    return shown


def put_back(run: Run, act: Callable[[], Found]) -> Found:
    """What came of it; the world is as it was."""
    day, now = run.day, run.world.now
    with transaction.atomic():
        found = act()
        transaction.set_rollback(True)
    run.day, run.world.now = day, now
    run.put_back()
    return found


def in_order(
    run: Run, moment: list[datetime], plan: Sequence[Step], *, last: bool = True, whole: bool = False
) -> int:
    """Both worlds, compared after every step; the number of steps that told the provider something."""
    done, came = put_back(run, lambda: as_it_came(run, moment, plan, last=last, whole=whole))
    expected = put_back(run, lambda: as_known(run, moment, done, last=last, whole=whole))
    for place, (one, other) in enumerate(zip(came, expected, strict=True)):
        for left, right in zip(plain(one), plain(other), strict=True):
            assert left == right, (place, done)
    return sum(bool(steps) for steps in as_told(done))


@pytest.mark.timeout(600)
def test_orders_of_all_that_may_happen_move_only_what_is_shared(run: Run, moment: list[datetime]) -> None:
    told = sum(in_order(run, moment, drawn(Random(seed), 6), last=seed == SLICE[0]) for seed in SLICE)
    assert told >= 4


@pytest.mark.slow
@pytest.mark.orders
@pytest.mark.timeout(0)
@pytest.mark.parametrize("first", range(1000, 1200, 10))
def test_two_hundred_orders(run: Run, moment: list[datetime], first: int) -> None:
    for seed in range(first, first + 10):
        in_order(run, moment, drawn(Random(seed), 9), whole=seed % 20 == 0)
