"""The words of the four answers on an alert, as data: for somebody who reads them once, in a hurry.

Each is part of one sentence of at most reading grade 8 (tests/oversight/escalation/reading.py). "the home" becomes "the
homes" where the alert is about all homes of a provider.
"""

from dataclasses import dataclass

#: What the counts did, by pattern; joined patterns add the clause of their strongest mark.
PATTERN_CLAUSES = {
    "general_rise": "There was more of most things",
    "steep_rise": "There was far more of most things",
    "staff_conduct": "More was said against staff",
    "harm": "More harm is on record",
    "outside_voices": "More people spoke up",
    "reports_stop": "The home's own reports fell",
    "closed_culture": "The home told less, the rest more",
    "reports_stop_concealed": "The home's own reports fell",
    "closed_culture_concealed": "The home told less, the rest more",
    "staff_conduct_marked": "More was said against staff",
    "staff_conduct_mild": "Some more was said of staff",
    "general_rise_marked": "There was more of most things",
    "steep_rise_marked": "There was far more of most things",
    "harm_marked": "More harm is on record",
}
#: For patterns of marks alone, where no mark may be shown.
MARKS_ALONE = {
    "concealment": "What others told of, the home told late or not at all",
    "conduct_marks": "The records raise more concern about staff than they used to",
}
#: What a mark adds, and what it says where it speaks against.
MARK_CLAUSES = {
    "unmatched": "others told of things that the home did not",
    "late": "the home's own reports came later than they used to",
    "softened": "the home made less of things than others did",
    "severity": "what is on record is more grave than it used to be",
    "repeated": "the same advice had to be given again",
    "restraint": "more people were hurt in restraints",
    "same_adult": "the same adult was named again and again",
}
MARKS_AGAINST = {
    "unmatched": "What others told of, the home told of too",
    "late": "The home's own reports come as soon as they used to",
    "softened": "The home made as much of things as others did",
    "severity": "What is on record is no more grave than it used to be",
    "repeated": "The same advice did not have to be given again",
    "restraint": "No more people than before were hurt in restraints",
    "same_adult": "No adult was named more than the rest",
}
MARK_NAMES = {
    "unmatched": "Not told by the home",
    "late": "Told late",
    "softened": "Made less of",
    "severity": "Severity",
    "repeated": "Advice repeated",
    "restraint": "Restraint injuries",
    "same_adult": "Same adult",
}
#: One, many, as they stand after a figure.
STREAM_NOUNS = {
    "reg40": ("Reg 40 notice", "Reg 40 notices"),
    "lado": ("LADO referral", "LADO referrals"),
    "whistleblowing": ("whistleblowing disclosure", "whistleblowing disclosures"),
    "complaint": ("complaint", "complaints"),
    "hospital": ("trip to hospital", "trips to hospital"),
    "reg44": ("visit with concerns", "visits with concerns"),
}
#: Streams whose name fills a sentence: beside them no second one is told.
LONG_NAMES = frozenset({"whistleblowing"})
#: Where a mark points: as the channel looks for, the other way, or nowhere.
POINTS = {
    1: "It points the same way",
    0: "It says nothing either way",
    -1: "It points the other way",
}
#: What is said of a mark that had nothing to go by.
MARKS_SILENT = {
    "unmatched": "No event from outside is old enough to look for the home's notice of it",
    "late": "The home sent no notice, so none could be late",
    "softened": "No record of the home's own says how grave it was",
    "repeated": "No visit gave any advice",
    "same_adult": "No record names an adult",
}


@dataclass(frozen=True)
class LackingWords:
    """A mark that records should carry and do not: of one record, of {missing} of {of}; silences: the marks that say
    nothing where no record carries it.
    """

    one: str
    many: str
    silences: tuple[str, ...] = ()


LACKING = {
    "adult": LackingWords(
        "The adult is not named on the only record.",
        "The adult is not named on {missing} of {of} records.",
        ("same_adult",),
    ),
    "severity": LackingWords(
        "How grave it was is not given on the only record.",
        "How grave it was is not given on {missing} of {of} records.",
        ("softened",),
    ),
    "repeated": LackingWords(
        "The only visit does not say which advice is given again.",
        "{missing} of {of} visits do not say which advice is given again.",
        ("repeated",),
    ),
}


@dataclass(frozen=True)
class RuleWords:
    """The four answers of a rule. {day}: of what it is about; {month}: its month; {due}: the day the alert was due."""

    what: str
    since: str
    against: str
    chance: str


_ON_RECORD = "It goes back to {day}, and that day is on the record, so it is not a guess."
_LATE = "It has been late since {due}, and that day is not a guess."
RULE_WORDS = {
    "death": RuleWords(
        "A child has died.",
        "The notice gives the day as {day}, so it is not a guess.",
        "A child may die though all was done well, and the notice alone does not say why.",
        "This is a rule, not a chance: each notice that a child has died brings an alert.",
    ),
    "concern": RuleWords(
        "The person who visits the home each month raised a grave concern.",
        _ON_RECORD,
        "It is the view of one person, and the home may not have had its say yet.",
        "This is a rule, not a chance: each such concern brings an alert.",
    ),
    "opinion_no": RuleWords(
        "The person who visits the home each month does not think that the children are kept safe.",
        _ON_RECORD,
        "It is the view of one person after one visit, and the home may not have had its say yet.",
        "This is a rule, not a chance: each report with that view brings an alert.",
    ),
    "well_being_no": RuleWords(
        "The person who visits the home each month does not think that it helps the children do well.",
        _ON_RECORD,
        "It is the view of one person after one visit, and the home may not have had its say yet.",
        "This is a rule, not a chance: each report with that view brings an alert.",
    ),
    "no_visit": RuleWords(
        "There is no record of the visit that was due in {month}.",
        _LATE,
        "The visit may have been made and just not been put on record.",
        "This is a rule, not a chance: each month with no visit brings an alert.",
    ),
    "no_report": RuleWords(
        "The report of the visit of {month} has not come.",
        _LATE,
        "The visit was made, and the report may just be late.",
        "This is a rule, not a chance: each report that does not come brings an alert.",
    ),
}
ANY_RULE = RuleWords(
    "A record set off a rule that asks you to look.",
    _ON_RECORD,
    "One record on its own does not say that care went wrong.",
    "This is a rule, not a chance: each such record brings an alert.",
)
#: Years between two times that an ordinary home reaches Look, in our simulations (wording.FALSE_ALARM).
SIMULATED_YEARS = 8
