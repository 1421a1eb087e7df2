"""The engine: from the records of a home to its standing, in plain Python and NumPy.

`assess` gives one home's standing at the end of a day as a pure function of what was known by then; `assess_many` the
same for many homes; `assess_provider` for the homes of a provider together. `advance` turns a day's score into an
episode and the tiers it raises. `fit_quarter` learns what is usual. Rules that need no statistics are in
`record_alarms` and `missing_reports`; which records are about one matter in `matters` and `missing_notices`.
"""

from oversight.risk.engine.assessing import (
    Assessment,
    assess,
    assess_many,
    assess_provider,
    provider_raises_from,
    raises_from,
)
from oversight.risk.engine.charts import ChartPoint, chart_totals, poisson_limits
from oversight.risk.engine.episodes import NO_EPISODE, Episode, advance
from oversight.risk.engine.explaining import Explanation, StreamPart
from oversight.risk.engine.fits import Fits, QuarterFit, band_of, fit_quarter, next_quarter, quarter_start
from oversight.risk.engine.matching import (
    MATCHING_VERSION,
    Link,
    MissingNotice,
    links,
    matters,
    missing_notices,
)
from oversight.risk.engine.parameters import DEFAULT, ENGINE_VERSION, PATTERNS, TIERS, Parameters, Pattern
from oversight.risk.engine.records import (
    KINDS,
    SOURCES,
    STREAMS,
    Decision,
    Home,
    Picture,
    Placement,
    Record,
    known_from,
)
from oversight.risk.engine.rules import (
    RECORD_RULES,
    RecordRule,
    RuleAlarm,
    missing_reports,
    record_alarms,
    record_rule,
)

__all__ = [
    "DEFAULT",
    "ENGINE_VERSION",
    "KINDS",
    "MATCHING_VERSION",
    "NO_EPISODE",
    "PATTERNS",
    "RECORD_RULES",
    "SOURCES",
    "STREAMS",
    "TIERS",
    "Assessment",
    "ChartPoint",
    "Decision",
    "Episode",
    "Explanation",
    "Fits",
    "Home",
    "Link",
    "MissingNotice",
    "Parameters",
    "Pattern",
    "Picture",
    "Placement",
    "QuarterFit",
    "Record",
    "RecordRule",
    "RuleAlarm",
    "StreamPart",
    "advance",
    "assess",
    "assess_many",
    "assess_provider",
    "band_of",
    "chart_totals",
    "fit_quarter",
    "known_from",
    "links",
    "matters",
    "missing_notices",
    "missing_reports",
    "next_quarter",
    "poisson_limits",
    "provider_raises_from",
    "quarter_start",
    "raises_from",
    "record_alarms",
    "record_rule",
]
