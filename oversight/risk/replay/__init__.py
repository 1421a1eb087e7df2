"""Histories replayed: read from CSV, run through the engine, alarms out. `replay_engine_only`, `hesley` and
`false_alarms` are the commands behind `./hub replay`; they need no database."""

from oversight.risk.replay.alarms import Alarm, print_table, write_alarms
from oversight.risk.replay.engine_only import replay_engine_only, run
from oversight.risk.replay.hesley import hesley
from oversight.risk.replay.measuring import Rate, false_alarms
from oversight.risk.replay.reading import Histories, UnreadableError, read_histories

__all__ = [
    "Alarm",
    "Histories",
    "Rate",
    "UnreadableError",
    "false_alarms",
    "hesley",
    "print_table",
    "read_histories",
    "replay_engine_only",
    "run",
    "write_alarms",
]
