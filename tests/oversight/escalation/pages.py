"""What the tests of alerts as pages share: an alert with its explanation, and ways to ask for a page."""

from typing import Any

from django.test import Client

from homes.models import User
from incidents.record.models import Stream
from oversight.escalation.models import Alert
from tests.cast import Cast
from tests.conftest import owner
from tests.oversight.escalation.conftest import opened, record

PARTS = [
    {"stream": "lado", "seen": 6, "expected": 1.1, "multiplier": 4.0, "contribution": 3.9, "shown": 3.9},
    {
        "stream": "whistleblowing",
        "seen": 2,
        "expected": 0.14,
        "multiplier": 6.0,
        "contribution": 2.4,
        "shown": 2.4,
    },
    {"stream": "complaint", "seen": 3, "expected": 0.6, "multiplier": 2.5, "contribution": 1.2, "shown": 1.2},
    {"stream": "reg44", "seen": 2, "expected": 0.9, "multiplier": 1.5, "contribution": 0.4, "shown": 0.4},
    {"stream": "reg40", "seen": 4, "expected": 4.2, "multiplier": 1.0, "contribution": 0.0, "shown": 0.0},
    {
        "stream": "hospital",
        "seen": 1,
        "expected": 1.6,
        "multiplier": 1.0,
        "contribution": -0.3,
        "shown": -0.3,
    },
]
EXPLANATION = {
    "pattern": "staff_conduct",
    "words": "allegations about adults and whistleblowing rise",
    "since": "2026-08-12",
    "parts": PARTS,
    "remainder": 0.2,
    "remainder_shown": 0.2,
    "score": 7.8,
    "shown": 7.8,
    "bars": [["look", 6.254], ["escalate", 7.352], ["regulator", 8.556]],
    "weeks_to_clear": 12,
    "episode_end_weeks": 13,
}


def get(user: User, path: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(path)


def post(user: User, path: str, **data: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.post(path, data)


def told(world: Cast) -> Alert:
    """An alert at escalate that rests on a home's record, an unshared hospital record and a disclosure."""
    told_by_home = record(world, world.asha)
    lado = record(world, world.ines, Stream.LADO, source="lado")
    outside = record(world, world.lee, Stream.HOSPITAL, source="hospital")
    spoken = record(world, world.mo, Stream.WHISTLEBLOWING, source="whistleblower")
    references = [found.reference for found in (told_by_home, lado, outside, spoken)]
    return opened(
        world,
        tier="escalate",
        pattern="staff_conduct",
        evidence=references,
        explanation=EXPLANATION,
        score=7.8,
        bar=7.352,
    )


def marks_told(**changes: dict[str, Any]) -> list[dict[str, Any]]:
    """Numbers of every channel of marks, some of them changed."""
    rows: dict[str, dict[str, Any]] = {
        "unmatched": {"seen": 5.0, "of": 7, "expected": 1.2, "points": 1},
        "late": {"seen": 5.9, "of": 4, "expected": 2.1, "points": 1},
        "softened": {"seen": 1.0, "of": 9, "expected": 1.3, "points": 1, "others": [4, 6]},
        "severity": {"seen": 6.0, "of": 11, "expected": 1.6, "points": 1},
        "repeated": {"seen": 2.0, "of": 14, "expected": 3.5, "points": -1},
        "restraint": {"seen": 3.0, "of": 11, "expected": 0.5, "points": 1},
        "same_adult": {"seen": 3.0, "of": 5, "expected": 0.3, "points": 1},
    }
    return [{"mark": mark, "others": None, **row, **changes.get(mark, {})} for mark, row in rows.items()]


def context() -> dict[str, Any]:
    """What an alert keeps beside its explanation where a disclosure is among its records."""
    visits = {"visits": 3, "content": 3, "outside": 6, "before": 2}
    return {
        "context": {
            "open": {"marks": marks_told(), "visits": visits},
            "all": {
                "marks": marks_told(severity={"seen": 8.0, "of": 13}),
                "visits": {**visits, "outside": 8},
            },
        },
        "shared": {
            "theme": {"seen": 3, "of": 4, "theme": "peer_on_peer"},
            "child": {"seen": 4, "of": 4},
        },
    }


def with_marks(alert: Alert, **changes: Any) -> None:
    """What an alert keeps once marks are looked at, its start is dated and its records lack some."""
    missing = [
        {"mark": "adult", "stream": "lado", "missing": 4, "of": 6},
        {"mark": "severity", "stream": "lado", "missing": 1, "of": 1},
        {"mark": "severity", "stream": "whistleblowing", "missing": 2, "of": 2},
    ]
    marks = [{"mark": "same_adult", "contribution": 1.1}, {"mark": "severity", "contribution": -0.4}]
    with owner():
        found = Alert.objects.get(pk=alert.pk)
        extra = {
            "began_between": ["2026-07-24", "2026-09-06"],
            "missing": missing,
            "marks": marks,
            **context(),
        }
        found.explanation = found.explanation | extra | {"remainder": -0.5} | changes
        Alert.objects.filter(pk=alert.pk).update(
            explanation=found.explanation, pattern="staff_conduct_marked"
        )
