"""Claims: a recipient hands in receipts, the office says what counts."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Le, MaxLen, MinLen

from chassis.fields import CentsOrZero, Id, Line, PageSize, PageToken
from chassis.ports import Caller, Page, PageRequest, Transaction, new_id
from services.funds.domain.claim import Claim, Deduction
from services.funds.domain.facts.claim import ClaimAccepted, ClaimRefused, ClaimSubmitted
from services.funds.domain.grant import Grant
from services.funds.domain.refusals.grant import NotYourGrant
from services.funds.usecases.ports import Claims, Grants
from services.funds.usecases.receipt import ReceiptDesk, ReceiptLine
from services.funds.usecases.recipient import OFFICES, Recipients, file_as_read_by


@dataclass(frozen=True, slots=True)
class GetClaim:
    claim_id: Id


@dataclass(frozen=True, slots=True)
class ListClaims:
    grant_id: Id
    page_size: PageSize = 0
    page_token: PageToken = ""


@dataclass(frozen=True, slots=True)
class SubmitClaim:
    grant_id: Id
    receipts: Annotated[tuple[ReceiptLine, ...], MinLen(1), MaxLen(100)]


@dataclass(frozen=True, slots=True)
class DeductionLine:
    """`position` counts from 1, as people do; `accepted_cents` is what is left of the receipt."""

    position: Annotated[int, Ge(1), Le(100)]
    reason: Line
    accepted_cents: CentsOrZero = 0


@dataclass(frozen=True, slots=True)
class AcceptClaim:
    claim_id: Id
    deductions: Annotated[tuple[DeductionLine, ...], MaxLen(100)] = ()
    etag: str = ""


@dataclass(frozen=True, slots=True)
class RefuseClaim:
    claim_id: Id
    reason: Line
    etag: str = ""


def require_party(grant: Grant, caller: Caller, *offices: str) -> None:
    """Refuse whoever is neither the recipient nor one of these offices in the grant's region."""
    if not grant.is_of(caller) and not caller.may(*offices, region=grant.region):
        raise NotYourGrant(offices)


class ClaimUseCases:
    def __init__(self, claims: Claims, grants: Grants, desk: ReceiptDesk, recipients: Recipients) -> None:
        self._claims, self._grants, self._desk, self._recipients = claims, grants, desk, recipients

    async def get_claim(self, query: GetClaim, caller: Caller) -> Claim:
        claim = await self._claims.get(query.claim_id)
        grant = await self._read_in(claim.grant_id, caller)
        return file_as_read_by(caller, grant, claim)

    async def list_claims(self, query: ListClaims, caller: Caller) -> Page[Claim]:
        grant = await self._read_in(query.grant_id, caller)
        page = await self._claims.of_grant(grant.id, PageRequest(query.page_size, query.page_token, caller.sub))
        return Page(tuple(file_as_read_by(caller, grant, claim) for claim in page.items), page.next_page_token)

    async def decision_locks(self, command: AcceptClaim | RefuseClaim) -> tuple[str, ...]:
        claim = await self._claims.get(command.claim_id)
        return (claim.id, claim.grant_id)

    async def submit_claim(self, tx: Transaction, command: SubmitClaim, caller: Caller) -> Claim:
        grant = await self._grants.get(command.grant_id, tx)
        require_party(grant, await self._recipients.party(caller, grant, tx=tx), "fund_office")
        receipts = await self._desk.look_over(tx, command.receipts)
        counted, claim = Claim.submit(grant, new_id(), receipts, caller.sub, tx.at)
        await self._desk.book(tx, grant, receipts)
        await self._grants.save(tx, counted)
        return await self._claims.add(tx, claim, ClaimSubmitted(claim))

    async def accept_claim(self, tx: Transaction, command: AcceptClaim, caller: Caller) -> Claim:
        claim, grant = await self._loaded(tx, command, caller)
        deductions = [Deduction(d.position, d.accepted_cents, d.reason) for d in command.deductions]
        counted, accepted = claim.accept(grant, deductions, caller.sub, tx.at)
        await self._desk.free(tx, accepted.freed)
        await self._grants.save(tx, counted)
        return await self._claims.save(tx, accepted, ClaimAccepted(accepted))

    async def refuse_claim(self, tx: Transaction, command: RefuseClaim, caller: Caller) -> Claim:
        claim, grant = await self._loaded(tx, command, caller)
        counted, refused = claim.refuse(grant, command.reason, caller.sub, tx.at)
        await self._desk.free(tx, refused.freed)
        await self._grants.save(tx, counted)
        return await self._claims.save(tx, refused, ClaimRefused(refused))

    async def _read_in(self, grant_id: str, caller: Caller) -> Grant:
        grant = await self._grants.get(grant_id)
        require_party(grant, await self._recipients.party(caller, grant), *OFFICES)
        return grant

    async def _loaded(self, tx: Transaction, command: AcceptClaim | RefuseClaim, caller: Caller) -> tuple[Claim, Grant]:
        claim = await self._claims.get(command.claim_id, tx, etag=command.etag)
        caller.require("fund_office", region=claim.region)
        grant = await self._grants.get(claim.grant_id, tx)
        await self._recipients.require_other(tx, caller, grant)
        return claim, grant
