"""Who may open what, in which capacity, and which fields are withheld: one table that an auditor can read.

Each line is held against a model of its own on made worlds (tests/access), over HTTP and in the database alone.
Whoever stands to a home in several capacities may do what any of them allows; a page shows one picture of a home.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hesley_hub.access.routes import Thing
from homes.roles import Picture

P = Picture


@dataclass(frozen=True)
class Rule:
    """In ``picture`` a person may open ``thing`` as far as ``reach`` says; ``withheld`` is never shown there."""

    picture: Picture
    thing: Thing
    reach: str
    withheld: str = ""


_NOT_DISCLOSED = "disclosures, but for “part of this rests on records held by the regulator”"
_OWN_CHILDREN = "names, words and accounts of children who are not their own"

RULES: Sequence[Rule] = (
    *(Rule(picture, Thing.HOME, "homes in which they stand", withheld) for picture, withheld in (
        (P.PROVIDER, "whatever outside records moved: counts, levels, charts, alerts, order of lists"),
        (P.REGULATOR, ""),
        (P.AUTHORITY, f"single records; {_NOT_DISCLOSED}"),
        (P.LADO, "records without an allegation or an adult of concern; disclosures"),
        (P.ICB, "single records; disclosures; levels"),
        (P.VISITOR, "disclosures; names of alerts"),
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
    Rule(P.PROVIDER, Thing.RECORD, "what the home recorded and what was shared with it",
         "wordings before it was shared; names of adults to members of staff"),
    Rule(P.REGULATOR, Thing.RECORD, "all", "who gave a disclosure, which nobody is asked"),
    Rule(P.AUTHORITY, Thing.RECORD, "those of their own children", f"disclosures; {_OWN_CHILDREN}"),
    Rule(P.LADO, Thing.RECORD, "those with an allegation or an adult of concern", "disclosures"),
    Rule(P.VISITOR, Thing.RECORD, "all but disclosures", "disclosures; names of adults of concern"),
    Rule(P.AUTHOR, Thing.RECORD, "what they recorded themselves", "disclosures"),
    Rule(P.PROVIDER, Thing.CHILDREN, "who lives there", "views not shared with the home"),
    Rule(P.REGULATOR, Thing.CHILDREN, "who lives there"),
    Rule(P.AUTHORITY, Thing.CHILDREN, "their own children"),
    Rule(P.VISITOR, Thing.CHILDREN, "who lives there"),
    Rule(P.CHILD, Thing.CHILDREN, "the one child"),
    Rule(P.PROVIDER, Thing.CHILD, "whoever lives or lived there", "views not shared with the home"),
    Rule(P.REGULATOR, Thing.CHILD, "whoever lives or lived there"),
    Rule(P.VISITOR, Thing.CHILD, "whoever lives or lived there"),
    Rule(P.AUTHORITY, Thing.CHILD, "children whom they placed, or to whom they are allocated"),
    Rule(P.CHILD, Thing.CHILD, "the one child"),
    Rule(P.PROVIDER, Thing.VIEW, "heard by the home's people, or shared with them"),
    Rule(P.REGULATOR, Thing.VIEW, "all"),
    Rule(P.VISITOR, Thing.VIEW, "all"),
    Rule(P.AUTHORITY, Thing.VIEW, "those of their own children"),
    Rule(P.CHILD, Thing.VIEW, "an advocate: the child's; family: what they recorded themselves"),
    *(Rule(picture, Thing.VISITS, "visits, months and open recommendations") for picture in (
        P.PROVIDER, P.REGULATOR, P.AUTHORITY, P.VISITOR, P.VISITS)),
    Rule(P.PROVIDER, Thing.REPORT, "the provider's version", "significant concerns; words not shared with the home"),
    Rule(P.REGULATOR, Thing.REPORT, "whole"),
    Rule(P.VISITOR, Thing.REPORT, "whole"),
    Rule(P.AUTHORITY, Thing.REPORT, "the authority's version", "words of children who are not their own"),
    *(Rule(picture, Thing.CONCERN, "all of the home") for picture in (P.REGULATOR, P.AUTHORITY, P.VISITOR)),
    Rule(P.REGULATOR, Thing.MATTERS, "all of the home"),
    Rule(P.PROVIDER, Thing.ALERT, "on the provider's picture", "kinds that question the home's own conduct"),
    Rule(P.REGULATOR, Thing.ALERT, "on the overseers' picture"),
    Rule(P.AUTHORITY, Thing.ALERT, "on the overseers' picture", _NOT_DISCLOSED),
    Rule(P.LADO, Thing.ALERT, "of which their organisation was told", "disclosures"),
    Rule(P.ICB, Thing.ALERT, "of which their organisation was told", "disclosures"),
)  # fmt: skip
#: What holds in every capacity.
ALWAYS: Sequence[str] = (
    "Whoever a complaint or an allegation is about never opens it, whatever their post.",
    "A right begins and ends with the dates of its post, placement, tie, appointment or grant, at the next request; an"
    " e-mail still in the queue is withheld once the authority's last child has left the home.",
    "A closed account opens nothing. What a person may not see does not exist for them: 404.",
    "Drafts are their author's alone.",
)


def pictures_of(thing: Thing) -> frozenset[Picture]:
    """The pictures in which the thing may be opened at all."""
    return frozenset(rule.picture for rule in RULES if rule.thing is thing)
