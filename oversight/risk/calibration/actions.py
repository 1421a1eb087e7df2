"""Storing a calibration: from then on the homes of its kinds and bands are judged by its bars."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from events import outbox
from oversight.risk.calibration.calibrating import Calibrated
from oversight.risk.facts import CalibrationStored
from oversight.risk.models import Calibration


@transaction.atomic
def store_calibration(*, found: Calibrated, by: str, now: datetime) -> Calibration:
    """The next version. Nothing stored before is changed, nor are alerts that were raised by earlier bars.

    ValueError where no home was at risk, so that nothing was found. IntegrityError where two are stored at once.
    """
    if not found.bands:
        raise ValueError("a calibration without a home at risk sets no bars")
    last = Calibration.objects.aggregate(last=Max("version"))["last"] or 0
    row = Calibration.objects.create(
        version=last + 1,
        made_at=now,
        made_by=by,
        source=found.source,
        population=found.population,
        engine_version=found.engine_version,
        parameters=found.parameters,
        bands=found.as_json()["bands"],
    )
    outbox.record(CalibrationStored(version_stored=row.version, made_by=by), by=None, now=now)
    return row
