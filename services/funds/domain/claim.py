"""A claim: receipts that a recipient hands in for money, and the office's word on each (Mittelabruf)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.ports import berlin_day
from services.funds.domain.grant import UNDER_WAY, Grant, GrantStatus
from services.funds.domain.receipt import Receipt, check_receipts
from services.funds.domain.refusals.claim import ClaimDecided, DeductionNeedsReceipt, NothingAccepted
from services.funds.domain.refusals.grant import NotStartedYet

OPEN_FOR_CLAIMS = (*UNDER_WAY, GrantStatus.PROOF_SUBMITTED, GrantStatus.PROOF_QUERIED)
Filed = tuple[Grant, "Claim"]


class ClaimStatus(StrEnum):
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Deduction:
    """That receipt number `position` (from 1) counts for `accepted_cents` only, and why."""

    position: int
    accepted_cents: int
    reason: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Every method answers (grant, claim): the grant counts what is open and what was accepted.

    `lump_sum_cents` counts on top of the accepted receipts, by the rules of the award.
    """

    id: str
    region: str
    grant_id: str
    grant_title: str
    contact_ref: str
    receipts: tuple[Receipt, ...]
    submitted_by: str
    submitted_at: datetime
    status: ClaimStatus = ClaimStatus.SUBMITTED
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    lump_sum_cents: int = 0
    version: int = 0

    @classmethod
    def submit(cls, grant: Grant, id: str, receipts: tuple[Receipt, ...], by: str, at: datetime) -> Filed:
        grant.require(*OPEN_FOR_CLAIMS)
        if berlin_day(at) < grant.starts_on:
            raise NotStartedYet
        check_receipts(receipts, grant.decided_on, berlin_day(at))
        claim = cls(
            id=id,
            region=grant.region,
            grant_id=grant.id,
            grant_title=grant.title,
            contact_ref=grant.contact_ref,
            receipts=receipts,
            submitted_by=by,
            submitted_at=at,
        )
        return replace(grant, open_claims=grant.open_claims + 1), claim

    def accept(self, grant: Grant, deductions: Iterable[Deduction], by: str, at: datetime) -> Filed:
        """Accept every receipt in full but those that a deduction names."""
        self._require_open(grant)
        receipts = [replace(receipt, accepted_cents=receipt.amount_cents) for receipt in self.receipts]
        for number, deduction in enumerate(deductions):
            index = self._index(number, deduction)
            if receipts[index].reason:
                raise DeductionNeedsReceipt(f"deductions[{number}].position", "names a receipt for the second time")
            receipts[index] = replace(receipts[index], accepted_cents=deduction.accepted_cents, reason=deduction.reason)
        proven_cents = sum(receipt.accepted_cents for receipt in receipts)
        if proven_cents == 0:
            raise NothingAccepted
        decided = replace(self, status=ClaimStatus.ACCEPTED, decided_by=by, decided_at=at)
        accepted = replace(decided, receipts=tuple(receipts), lump_sum_cents=grant.lump_sum_cents(proven_cents))
        total = grant.accepted_cents + accepted.accepted_cents
        return replace(grant, open_claims=grant.open_claims - 1, accepted_cents=total), accepted

    def refuse(self, grant: Grant, reason: str, by: str, at: datetime) -> Filed:
        self._require_open(grant)
        refused = replace(self, status=ClaimStatus.REFUSED, decided_by=by, decided_at=at, reason=reason)
        return replace(grant, open_claims=grant.open_claims - 1), refused

    @property
    def total_cents(self) -> int:
        return sum(receipt.amount_cents for receipt in self.receipts)

    @property
    def accepted_cents(self) -> int:
        return sum(receipt.accepted_cents for receipt in self.receipts) + self.lump_sum_cents

    @property
    def freed(self) -> tuple[Receipt, ...]:
        """Receipts of a decided claim of which nothing counts: they may be handed in again."""
        return tuple(receipt for receipt in self.receipts if not receipt.accepted_cents)

    @property
    def counting(self) -> tuple[Receipt, ...]:
        """Receipts that count: they may be handed in again when the grant ends without a payment."""
        return tuple(receipt for receipt in self.receipts if receipt.accepted_cents)

    def _require_open(self, grant: Grant) -> None:
        if self.status is not ClaimStatus.SUBMITTED:
            raise ClaimDecided(self.status)
        grant.require(*OPEN_FOR_CLAIMS, GrantStatus.OVERDUE)

    def _index(self, number: int, deduction: Deduction) -> int:
        index = deduction.position - 1
        if not 0 <= index < len(self.receipts):
            raise DeductionNeedsReceipt(f"deductions[{number}].position", f"must be 1 to {len(self.receipts)}")
        if deduction.accepted_cents >= self.receipts[index].amount_cents:
            raise DeductionNeedsReceipt(f"deductions[{number}].accepted_cents", "must be below the receipt's amount")
        return index
