"""One function for each generated page of docs/reference; ``PAGES`` names their files."""

from collections.abc import Callable, Iterable

from django.apps import apps

from hesley_hub.access.routes import ROUTES
from hesley_hub.access.rules import ALWAYS, RULES, posts_of
from homes.roles import ROLES, Picture
from incidents.record import duties
from oversight.escalation import ladders, rules, states

OURS = ("events", "homes", "incidents", "voice", "oversight")
PICTURE_WORDS = {
    Picture.PROVIDER: "what the provider recorded, what was shared with it, and its duties",
    Picture.REGULATOR: "everything but a whistleblower's identity",
    Picture.AUTHORITY: "its own children in full; of the rest, the home's evidence by stream and month",
    Picture.LADO: "records with an allegation or an adult of concern",
    Picture.ICB: "counts; hospital records of children for whom the board is recorded as responsible",
    Picture.VISITOR: "records, except whistleblowing, as questions to ask; a child's case record by two consents",
    Picture.AUTHOR: "its own records",
    Picture.CHILD: "one child, as far as the child or the authority allows",
    Picture.VISITS: "visitors and visits, no record",
}


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    head = list(head)
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |" for row in rows]
    return [*lines, ""]


def _page(title: str, source: str, *lines: str) -> str:
    return "\n".join(
        [f"# {title}", "", f"Made from `{source}` by `manage.py documents`; do not edit.", "", *lines]
    )


def access() -> str:
    """Who holds which post, in which picture they stand, and what they may record."""
    rows = [
        (
            role.title,
            role.organisation.value.replace("_", " "),
            PICTURE_WORDS[role.picture] if role.picture else "no home",
            ", ".join(sorted(role.records)) or "nothing",
            "yes" if role.acknowledges else "no",
            role.description,
        )
        for role in ROLES.values()
    ]
    head = ("post", "organisation", "sees of a home", "may record", "may acknowledge", "what it is for")
    lines = [
        *_table(head, rows),
        *_capacities(),
        "## In every capacity",
        "",
        *(f"- {rule}" for rule in ALWAYS),
        "",
    ]
    for thing in dict.fromkeys(rule.thing for rule in RULES):
        lines += [f"## {thing.capitalize()}", ""]
        lines += _table(
            ("post", "stands there as", "may", "of", "fields withheld"),
            [
                (
                    role.title,
                    rule.picture.value,
                    ", ".join(may),
                    rule.reach,
                    rule.withheld or "nothing",
                )
                for rule in RULES
                if rule.thing is thing
                for role, may in posts_of(rule)
            ],
        )
    lines += [
        "## Every address",
        "",
        "A grant, with its dates and reason, gives the picture that it names.",
        "",
    ]
    lines += _table(
        ("address", "is about", "GET", "POST"),
        [(name, route.thing.value, route.get.value, route.post.value) for name, route in ROUTES.items()],
    )
    return _page("Who may see what", "homes/roles.py` and `hesley_hub/access", *lines)


def _capacities() -> list[str]:
    """What the words of the column "stands there as" mean."""
    rows = [(picture.value, words) for picture, words in PICTURE_WORDS.items()]
    return ["## Capacities", "", *_table(("stands there as", "sees of a home"), rows)]


def duties_and_clocks() -> str:
    """Who must be told of what, by when, under which law."""

    def within(clock: duties.Clock) -> str:
        if clock.hours:
            return f"{clock.hours} hours"
        return f"{clock.working_days} working day" if clock.working_days else "the same day"

    rows = [
        (
            rule.code,
            ", ".join(sorted(rule.streams)),
            ", ".join(sorted(rule.events)) or "every event",
            rule.trigger.value,
            rule.recipient.value.replace("_", " "),
            f"Now; at the latest within {within(rule.clock)}" if rule.without_delay else within(rule.clock),
            rule.legal_basis,
            rule.version,
        )
        for rule in duties.RULES
    ]
    head = ("duty", "streams", "events", "holds", "tell", "within", "legal basis", "version")
    return _page("Duties and clocks", "incidents/record/duties.py", *_table(head, rows))


WHOSE = {
    ladders.Audience.PROVIDER: "the provider",
    ladders.Audience.PLACING: "each placing authority with a child there",
    ladders.Audience.HOST: "the host authority",
    ladders.Audience.LADO: "the LADO, where the evidence holds an allegation or names an adult",
    ladders.Audience.ICB: "the integrated care board, where the evidence holds hospital records",
    ladders.Audience.REGULATOR: "the regulator",
}
LADDER_WORDS = (
    "Each organisation has a branch of its own: its answer and its decision stop that branch and no other. After the",
    "last desk comes the first again; it does not go quiet. A desk without a mailbox is passed over at once, and the",
    "hub's operator is told. At Urgent a desk is told whose mailbox is read at that hour; the out-of-hours one at night.",
    "Whoever acknowledged and has not decided in time is asked again, from the next desk on. A decision names an action,",
    "its owner and its day, or says why nothing is done; everybody else who was told reads it. What came of an action is",
    "recorded beside it. One person closes an alert, at Urgent two, once all have decided and every action is measured.",
    "The provider is told of the overseers' alerts by a person, who records how. The ladder is copied onto the alert when its level is reached.",
)


def _rungs(ladder: ladders.Ladder) -> list[str]:
    """The desks of a ladder in three cells; the first says whose they are."""
    words = [rung.words.removeprefix("your ") for rung in ladder.rungs]
    return [f"{WHOSE[ladder.audience]}: {words[0]}", *words[1:3], *["the first again"] * (3 - len(words))]


def alerts_and_ladders() -> str:
    """The rules that open an alert without statistics, and who is told in which order."""
    rows = [
        (rule.title, rule.tier.label, "yes" if rule.provider_too else "no", rule.legal_basis, rule.version)
        for rule in rules.RULES.values()
    ]
    head = ("rule", "level", "on the provider's picture too", "legal basis", "version")
    lines = _table(head, rows)
    lines += ["## Who is told, by when they answer and decide, and what follows", "", *LADDER_WORDS, ""]
    lines += _table(
        (
            "picture", "level", "kinds of alert", "told first", "then", "then", "answer within",
            "decide within", "may answer",
        ),
        [
            (
                policy.picture,
                policy.tier.label,
                ", ".join(policy.kinds).replace("_", " ") or "all others",
                *_rungs(ladder),
                policy.answer_within,
                f"{policy.decide_within} of the answer",
                ", ".join(ROLES[role].title for role in ladder.answered_by),
            )
            for policy in ladders.POLICIES
            for ladder in policy.ladders
        ],
    )  # fmt: skip
    return _page("Alerts and ladders", "oversight/escalation/rules.py and ladders.py", *lines)


def data() -> str:
    """Every table: how sensitive it is, and how long it is kept."""
    rows = [
        (model._meta.db_table, getattr(model, "data_class", ""), getattr(model, "retention", ""))
        for app in OURS
        for model in sorted(apps.get_app_config(app).get_models(), key=lambda found: found._meta.db_table)
    ]
    return _page(
        "Data and retention",
        "each model's data_class and retention",
        *_table(("table", "data", "kept"), rows),
    )


PAGES: dict[str, Callable[[], str]] = {
    "access.md": access,
    "duties.md": duties_and_clocks,
    "alerts.md": alerts_and_ladders,
    "data.md": data,
    "states.md": states.render,
}
