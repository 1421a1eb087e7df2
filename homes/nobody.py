"""Names that stand for nobody in particular: two records that carry one of them are not about the same person.

A record is never refused for it: who did it may not be known yet. But nothing counts by such a name.
"""

from django.db.models import Exists, OuterRef
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower, Trim

from homes.models import Adult

NOBODY: frozenset[str] = frozenset(
    {
        *("agency", "agency carer", "agency member of staff", "agency staff", "agency worker"),
        *("anonymous", "carer", "member of staff", "n/a", "night staff", "no name", "none"),
        *("not given", "not known", "staff", "staff member", "tbc", "unidentified", "unknown"),
        *("unknown adult", "unknown carer", "unknown member of staff", "unknown staff"),
        *("unknown staff member", "unknown worker", "worker", "?"),
    }
)


def names_somebody(adult: str) -> Combinable:
    """Rows whose adult (the field that holds the key) has a name of a person's own, for a filter."""
    told = Adult.objects.filter(pk=OuterRef(adult)).annotate(plain=Lower(Trim("name")))
    return ~Exists(told.filter(plain__in=sorted(NOBODY)))
