"""The worlds of escalation."""

from tests.oversight.escalation.conftest import without_prompts, world

__all__ = ["without_prompts", "world"]
