import math
from datetime import timedelta

import pytest

from oversight.risk.engine import DEFAULT, NO_EPISODE, Episode, advance
from tests.oversight.risk.making import day

HALF = math.log(520) / 2


def test_a_tier_is_raised_once_within_an_episode() -> None:
    episode, reached = advance(NO_EPISODE, day(0), 6.3)
    assert reached == ("look",)
    episode, reached = advance(episode, day(1), 6.4)
    assert reached == ()
    episode, reached = advance(episode, day(2), 9.0)
    assert reached == ("escalate", "regulator")
    assert episode == Episode(("look", "escalate", "regulator"), day(0), None)


def test_the_bar_itself_is_reached() -> None:
    assert advance(NO_EPISODE, day(0), DEFAULT.look)[1] == ("look",)
    assert advance(NO_EPISODE, day(0), math.nextafter(DEFAULT.look, 0))[1] == ()


def test_an_episode_ends_after_thirteen_weeks_below_half_of_the_bar() -> None:
    episode, _ = advance(NO_EPISODE, day(0), 7.0)
    for number in range(1, 91):
        episode, _ = advance(episode, day(number), HALF - 0.01)
        assert episode.tiers, number
    episode, _ = advance(episode, day(91), HALF - 0.01)
    assert episode == NO_EPISODE
    assert advance(episode, day(92), 6.3)[1] == ("look",)


def test_a_day_at_half_of_the_bar_starts_the_weeks_again() -> None:
    episode, _ = advance(NO_EPISODE, day(0), 7.0)
    episode, _ = advance(episode, day(1), 1.0)
    assert episode.low_since == day(1)
    episode, _ = advance(episode, day(80), HALF)
    assert episode.low_since is None
    episode, _ = advance(episode, day(81), 1.0)
    episode, _ = advance(episode, day(81) + timedelta(days=89), 1.0)
    assert episode.tiers


def test_a_low_score_outside_an_episode_changes_nothing() -> None:
    assert advance(NO_EPISODE, day(0), 1.0) == (NO_EPISODE, ())


@pytest.mark.parametrize(
    "episode", [NO_EPISODE, Episode(("look",), day(3), None), Episode(("look",), day(3), day(9))]
)
def test_json_gives_the_episode_back(episode: Episode) -> None:
    assert Episode.from_json(episode.as_json()) == episode


def test_an_empty_column_is_no_episode() -> None:
    assert Episode.from_json({}) == NO_EPISODE
