"""A batch of voting codes: how many were handed out for a place or a purpose; the codes themselves are nowhere."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.funds.domain.refusals.ballot import BatchIsRevoked


@dataclass(frozen=True, slots=True)
class CodeBatch:
    """`revoked_reason` is empty while its codes hold."""

    id: str
    region: str
    ballot_id: str
    purpose: str
    count: int
    issued_by: str
    issued_at: datetime
    revoked_reason: str = ""
    version: int = 0

    def revoke(self, reason: str) -> "CodeBatch":
        if self.revoked_reason:
            raise BatchIsRevoked
        return replace(self, revoked_reason=reason)
