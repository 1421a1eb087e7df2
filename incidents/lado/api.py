"""LADO referrals over the API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from rest_framework.serializers import ValidationError

from homes.access import home_or_refuse
from homes.models import Adult, Home
from homes.residents import workers
from incidents.lado.actions import Referral, name_adult, record_referral
from incidents.lado.serializers import ReferralSerializer
from incidents.record.api import StreamRecords, posted
from incidents.record.models import Incident, Stream
from incidents.record.serializers import happening_of


@posted(ReferralSerializer)
class Referrals(StreamRecords):
    """LADO referrals. A POST here is not a referral: the answer says who must be told, by when."""

    stream = Stream.LADO
    asked = ReferralSerializer

    def record(self, said: dict[str, Any], *, key: UUID, by: UUID, now: datetime) -> Incident:
        home = home_or_refuse(by, said["home"], now)
        restraint = said["followed_restraint"]
        happened = happening_of(
            said, user=by, key=key, now=now, restraint=restraint, adults=[_adult(said, home, by, now)]
        )
        referral = Referral(
            happening=happened,
            limbs=said["limbs"],
            referred_at=said["referred_at"],
            referred_reference=said["referred_reference"],
            followed_restraint=restraint,
            action_taken=said["action_taken"],
        )
        return record_referral(referral=referral, by=by, now=now)


def _adult(said: dict[str, Any], home: Home, by: UUID, now: datetime) -> Adult:
    if not said.get("adult"):
        return name_adult(
            home=home, name=said["adult_name"], title=said["adult_title"], is_agency=False, by=by, now=now
        )
    for one in workers(home, now):
        if one.adult_id == said["adult"]:
            return one.adult
    raise ValidationError({"adult": ["Nobody with this key works there now"]})
