"""Who may do what with what, in which capacity, and which fields are withheld: one table that an auditor can read.

Each line is held against a model of its own on made worlds (tests/access), over HTTP and in the database alone; its
actions and fields against a known cast (tests/access/test_fields.py).
Whoever stands to a home in several capacities may do what any of them allows; a page shows one picture of a home.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hesley_hub.access.routes import Action, Thing
from homes.roles import ROLES, Picture, Role

P, A = Picture, Action


@dataclass(frozen=True)
class Rule:
    """In ``picture`` somebody may do ``may`` with ``thing`` as far as ``reach`` says.

    withheld: fields never shown there. only: the posts of the picture that the line is about; empty for all.
    """

    picture: Picture
    thing: Thing
    reach: str
    withheld: str = ""
    may: tuple[Action, ...] = (A.OPEN,)
    only: tuple[str, ...] = ()


_NOT_DISCLOSED = "disclosures, but for “part of this rests on records held by the regulator”"
_OWN_CHILDREN = "names, words and accounts of children who are not their own"
_EARLIER = "wordings before it was shared"
_READ = (A.OPEN, A.PRINT)
_HEARD = (A.OPEN, A.ANSWER, A.SHARE)
_CONSENTS = (A.OPEN, A.RECORD, A.WRITE)
_TAKES_AWAY = ("inspector", "cqc_inspector")

RULES: Sequence[Rule] = (
    *(Rule(picture, Thing.HOME, "homes in which they stand", withheld) for picture, withheld in (
        (P.PROVIDER, "whatever outside records moved: counts, levels, charts, alerts, order of lists"),
        (P.REGULATOR, ""),
        (P.AUTHORITY, f"single records; names of other authorities’ children; {_NOT_DISCLOSED}"),
        (P.LADO, "records without an allegation or an adult of concern; disclosures"),
        (P.ICB, "single records; disclosures; levels"),
        (P.VISITOR, "disclosures; names of alerts; what children said, without both consents"),
        (P.AUTHOR, "everything but what they recorded"),
        (P.CHILD, "everything but the one child"),
        (P.VISITS, "records, reports"),
    )),
    Rule(P.PROVIDER, Thing.RECORDS, "what the home recorded and what was shared with it"),
    Rule(P.REGULATOR, Thing.RECORDS, "all"),
    Rule(P.AUTHORITY, Thing.RECORDS, "those of their own children", "disclosures"),
    Rule(P.LADO, Thing.RECORDS, "those with an allegation or an adult of concern", "disclosures"),
    Rule(P.VISITOR, Thing.RECORDS, "all but disclosures, as questions to ask", "disclosures"),
    Rule(P.AUTHOR, Thing.RECORDS, "what they recorded themselves", "disclosures"),
    Rule(P.ICB, Thing.RECORDS, "hospital records of children for whom the board is recorded as responsible",
         "every other record"),
    Rule(P.PROVIDER, Thing.RECORD, "what the home recorded and what was shared with it",
         f"{_EARLIER}; names of adults to members of staff", (*_READ, A.TELL)),
    Rule(P.REGULATOR, Thing.RECORD, "all", "who gave a disclosure, which nobody is asked", (*_READ, A.SHARE)),
    Rule(P.AUTHORITY, Thing.RECORD, "those of their own children",
         f"disclosures; {_OWN_CHILDREN}", (*_READ, A.SHARE)),
    Rule(P.LADO, Thing.RECORD, "those with an allegation or an adult of concern", "disclosures",
         (*_READ, A.SHARE, A.DECIDE)),
    Rule(P.VISITOR, Thing.RECORD, "all but disclosures",
         "disclosures; names of adults of concern; a child’s own account, without both consents", _READ),
    Rule(P.AUTHOR, Thing.RECORD, "what they recorded themselves", "disclosures", (*_READ, A.SHARE)),
    Rule(P.ICB, Thing.RECORD, "hospital records of children for whom the board is recorded as responsible",
         f"{_OWN_CHILDREN}; names of adults of concern", _READ),
    Rule(P.PROVIDER, Thing.CHILDREN, "who lives there", "views not shared with the home"),
    Rule(P.REGULATOR, Thing.CHILDREN, "who lives there"),
    Rule(P.AUTHORITY, Thing.CHILDREN, "their own children", _OWN_CHILDREN),
    Rule(P.VISITOR, Thing.CHILDREN, "who lives there", "what a child said, without both consents"),
    Rule(P.CHILD, Thing.CHILDREN, "the one child", "views that are not theirs, to family"),
    Rule(P.PROVIDER, Thing.CHILD, "whoever lives or lived there; records the child’s own consent", "", _CONSENTS),
    Rule(P.REGULATOR, Thing.CHILD, "whoever lives or lived there"),
    Rule(P.VISITOR, Thing.CHILD, "whoever lives or lived there", "what was said before, without both consents",
         (A.OPEN, A.RECORD)),
    Rule(P.AUTHORITY, Thing.CHILD, "children whom they placed, or to whom they are allocated; records consents, and"
         " which board answers for the child’s health", "", _CONSENTS, ("placing_authority", "social_worker")),
    Rule(P.CHILD, Thing.CHILD, "the one child; an advocate records the child’s own consent", "", _CONSENTS,
         ("advocate",)),
    Rule(P.CHILD, Thing.CHILD, "the one child", "", (A.OPEN, A.RECORD), ("family",)),
    Rule(P.ICB, Thing.CHILD, "names of children for whom the board is recorded as responsible",
         "everything but the name and who answers for the child’s health"),
    Rule(P.PROVIDER, Thing.CASE, "whoever lives or lived there", "views not shared with the home"),
    Rule(P.REGULATOR, Thing.CASE, "whoever lives or lived there"),
    Rule(P.VISITOR, Thing.CASE, "whoever lives there now, with both consents recorded: the child’s and the placing"
         " authority’s (reg 44(2)(b))"),
    Rule(P.AUTHORITY, Thing.CASE, "children whom they placed, or to whom they are allocated", "", (A.OPEN,),
         ("placing_authority", "social_worker")),
    Rule(P.CHILD, Thing.CASE, "the one child", "views that are not theirs, to family"),
    Rule(P.PROVIDER, Thing.VIEW, "heard by the home’s people, or shared with them", _EARLIER, (A.OPEN, A.ANSWER)),
    Rule(P.REGULATOR, Thing.VIEW, "all"),
    Rule(P.VISITOR, Thing.VIEW, "what they heard themselves; others of a child with both consents recorded", "", _HEARD),
    Rule(P.AUTHORITY, Thing.VIEW, "those of their own children", "", _HEARD, ("placing_authority", "social_worker")),
    Rule(P.CHILD, Thing.VIEW, "the child’s", "", _HEARD, ("advocate",)),
    Rule(P.CHILD, Thing.VIEW, "what they recorded themselves", "", (A.OPEN, A.SHARE), ("family",)),
    *(Rule(picture, Thing.VISITS, "visits, months and open recommendations", "",
           (A.OPEN, A.RECORD) if picture is P.VISITOR else (A.OPEN,))
      for picture in (P.PROVIDER, P.REGULATOR, P.AUTHORITY, P.VISITOR, P.VISITS)),
    Rule(P.PROVIDER, Thing.REPORT, "the provider’s version", "significant concerns; words not shared with the home",
         _READ),
    Rule(P.REGULATOR, Thing.REPORT, "whole", "", _READ),
    Rule(P.VISITOR, Thing.REPORT, "whole", "words of children heard by others, without both consents", _READ),
    Rule(P.AUTHORITY, Thing.REPORT, "the authority’s version", "words of children who are not their own", _READ),
    *(Rule(picture, Thing.CONCERN, "all of the home") for picture in (P.REGULATOR, P.AUTHORITY, P.VISITOR)),
    Rule(P.REGULATOR, Thing.MATTERS, "all of the home", "records about the reader", (A.OPEN, A.DECIDE)),
    Rule(P.PROVIDER, Thing.ALERT, "on the provider’s picture", "kinds that question the home’s own conduct",
         (*_READ, A.ANSWER)),
    Rule(P.REGULATOR, Thing.ALERT, "on the overseers’ picture", "", (*_READ, A.ANSWER)),
    Rule(P.AUTHORITY, Thing.ALERT, "on the overseers’ picture", _NOT_DISCLOSED, (*_READ, A.ANSWER)),
    Rule(P.LADO, Thing.ALERT, "of which their organisation was told", "disclosures", (*_READ, A.ANSWER)),
    Rule(P.ICB, Thing.ALERT, "of which their organisation was told", "disclosures", (*_READ, A.ANSWER)),
    Rule(P.LADO, Thing.AREA, "adults in more than one record, across the homes of the area",
         "adults whom no record that they may open names"),
    Rule(P.AUTHORITY, Thing.AREA, "every home of the area, by stream and month", _NOT_DISCLOSED, (A.OPEN,),
         ("host_authority",)),
    Rule(P.ICB, Thing.AREA, "every home of the area, in counts", "disclosures; levels"),
    Rule(P.AUTHORITY, Thing.AUTHORITY, "their own children, wherever they live", _NOT_DISCLOSED, (A.OPEN,),
         ("placing_authority",)),
    Rule(P.REGULATOR, Thing.NATION, "every home", "cells under five, across areas", (*_READ, A.TAKE_AWAY), _TAKES_AWAY),
)  # fmt: skip
#: What holds in every capacity.
ALWAYS: Sequence[str] = (
    "Whoever a complaint or an allegation is about never opens it, whatever their post: not its page, list, document,"
    " history, or the matter that it belongs to.",
    "A home never learns of an allegation at another home: adults of concern are known across homes to the LADO and"
    " the regulator only.",
    "A right begins and ends with the dates of its post, placement, tie, appointment, consent or grant, at the next"
    " request; an e-mail still in the queue is withheld where the authority’s last child left before anybody there was"
    " told. A placing authority that was told of an alert reads and answers that alert, and nothing else, afterwards.",
    "What is shared with the provider is its content from then on: earlier wordings stay with the overseers.",
    "In counts about children’s characteristics and across areas no cell under five is shown, nor any from which one"
    " could be worked out.",
    "A closed account opens nothing. What a person may not see does not exist for them: 404.",
    "Drafts are their author’s alone.",
)


def _hears(role: Role) -> bool:
    return "view" in role.records


#: Actions that a post must be made for; the others follow from the picture alone.
NEEDS: Mapping[tuple[Thing, Action], Callable[[Role], bool]] = {
    (Thing.ALERT, A.ANSWER): lambda role: role.acknowledges,
    (Thing.RECORD, A.SHARE): lambda role: bool(role.records or role.acknowledges),
    (Thing.CHILD, A.RECORD): _hears,
    (Thing.CHILD, A.WRITE): _hears,
    (Thing.VIEW, A.ANSWER): _hears,
    (Thing.VIEW, A.SHARE): _hears,
    (Thing.MATTERS, A.DECIDE): lambda role: role.acknowledges,
}


def posts_of(rule: Rule) -> Iterator[tuple[Role, tuple[Action, ...]]]:
    """Each post that the line is about, with what it may do."""
    for role in ROLES.values():
        if role.picture is rule.picture and (not rule.only or role.key in rule.only):
            needs = [(action, NEEDS.get((rule.thing, action))) for action in rule.may]
            yield role, tuple(action for action, need in needs if need is None or need(role))


def actions_of(role: str, thing: Thing) -> frozenset[Action]:
    """What the holder of a post may do with a thing, where it reaches them at all."""
    return frozenset(
        action
        for rule in RULES
        if rule.thing is thing
        for post, may in posts_of(rule)
        if post.key == role
        for action in may
    )


def pictures_of(thing: Thing) -> frozenset[Picture]:
    """The pictures in which the thing may be opened at all."""
    return frozenset(rule.picture for rule in RULES if rule.thing is thing)
