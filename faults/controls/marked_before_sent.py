"""Control: an e-mail is noted as sent before it is sent, so that it is never sent twice; and so it may never be sent."""

from datetime import datetime

from oversight.escalation import delivering
from oversight.escalation.claiming import Claim, claim_one


def put_in() -> None:
    """Note each claimed e-mail as sent at once; the hub's own way does the rest."""

    def claim_and_mark(*, now: datetime) -> Claim | None:
        claimed = claim_one(now=now)
        if claimed is not None:
            delivering.sent(claimed, now=now)
        return claimed

    vars(delivering)["claim_one"] = claim_and_mark
