"""Proofs: handed in by the recipient, queried, accepted or reopened by the office; what was paid too much is claimed back."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import MaxLen

from chassis.fields import CentsOrZero, Day, Id, Line, OptionalLine, Text
from chassis.ports import Caller, Transaction, end_of_day
from services.funds.domain import proving
from services.funds.domain.facts.grant import (
    ProofAccepted,
    ProofQueried,
    ProofReopened,
    ProofSubmitted,
    RefundClaimed,
)
from services.funds.domain.grant import Grant
from services.funds.domain.proof import Outcome
from services.funds.usecases.claim import require_party
from services.funds.usecases.grant import set_refund_timer
from services.funds.usecases.grant_money import GrantMoney
from services.funds.usecases.grant_reading import as_seen_by
from services.funds.usecases.grant_timers import OVERDUE, REFUND, UNTIL_PROVEN
from services.funds.usecases.ports import Claims, Grants
from services.funds.usecases.receipt import ReceiptDesk, ReceiptLine
from services.funds.usecases.recipient import Recipients


@dataclass(frozen=True, slots=True)
class ResultLine:
    """What became of one goal."""

    outcome: Outcome
    result: Text


@dataclass(frozen=True, slots=True)
class SubmitProof:
    grant_id: Id
    report: Text
    results: Annotated[tuple[ResultLine, ...], MaxLen(50)] = ()
    total_costs_cents: CentsOrZero = 0
    receipts: Annotated[tuple[ReceiptLine, ...], MaxLen(100)] = ()


@dataclass(frozen=True, slots=True)
class QueryProof:
    grant_id: Id
    question: Text
    answer_by: Day


@dataclass(frozen=True, slots=True)
class AcceptProof:
    grant_id: Id
    accepted_cents: CentsOrZero = 0
    reason: OptionalLine = ""


@dataclass(frozen=True, slots=True)
class ReopenProof:
    grant_id: Id
    reason: Line


class ProofUseCases:
    def __init__(
        self, grants: Grants, claims: Claims, money: GrantMoney, desk: ReceiptDesk, recipients: Recipients
    ) -> None:
        self._grants, self._claims, self._money = grants, claims, money
        self._desk, self._recipients = desk, recipients

    async def money_locks(self, command: AcceptProof | ReopenProof) -> tuple[str, ...]:
        """A refund is posted in the budgets that paid."""
        return await self._money.places(await self._grants.get(command.grant_id))

    async def submit_proof(self, tx: Transaction, command: SubmitProof, caller: Caller) -> Grant:
        grant = await self._grants.get(command.grant_id, tx)
        caller = await self._recipients.party(caller, grant, tx=tx)
        require_party(grant, caller, "fund_office")
        # An answer to a query brings its receipts anew; those of the proof before it count no more.
        await self._desk.free(tx, grant.proof.receipts if grant.proof else ())
        receipts = await self._desk.look_over(tx, command.receipts)
        results = tuple((line.outcome, line.result) for line in command.results)
        submitted = proving.submit(
            grant, command.report, results, command.total_costs_cents, receipts, caller.sub, tx.at
        )
        await self._desk.book(tx, grant, receipts)
        for purpose in UNTIL_PROVEN:
            tx.cancel_timer(grant.id, purpose)
        fact = ProofSubmitted(submitted, command.total_costs_cents)
        return as_seen_by(await self._grants.save(tx, submitted, fact), caller)

    async def query_proof(self, tx: Transaction, command: QueryProof, caller: Caller) -> Grant:
        grant = await self._grants.get(command.grant_id, tx)
        caller.require("fund_office", region=grant.region)
        await self._recipients.require_other(tx, caller, grant)
        queried = proving.query(grant, command.question, command.answer_by, caller.sub, tx.at)
        tx.set_timer(grant.id, OVERDUE, end_of_day(command.answer_by))
        return as_seen_by(await self._grants.save(tx, queried, ProofQueried(queried, command.answer_by)), caller)

    async def accept_proof(self, tx: Transaction, command: AcceptProof, caller: Caller) -> Grant:
        grant = await self._grants.get(command.grant_id, tx)
        caller.require("fund_office", region=grant.region)
        await self._recipients.require_other(tx, caller, grant)
        accepted = proving.accept(grant, command.accepted_cents, command.reason, caller.sub, tx.at)
        set_refund_timer(tx, accepted)
        owed = accepted.refund_claimed_cents
        if owed:
            await self._money.claim_back(tx, grant, owed, caller.sub, command.reason)
        facts = (ProofAccepted(accepted), *((RefundClaimed(accepted, owed),) if owed else ()))
        return as_seen_by(await self._grants.save(tx, accepted, *facts), caller)

    async def reopen_proof(self, tx: Transaction, command: ReopenProof, caller: Caller) -> Grant:
        grant = await self._grants.get(command.grant_id, tx)
        caller.require("fund_office", region=grant.region)
        await self._recipients.require_other(tx, caller, grant)
        claims_cents = sum(claim.accepted_cents for claim in await self._claims.all_of(tx, grant.id))
        reopened = proving.reopen(grant, claims_cents, command.reason, caller.sub, tx.at)
        tx.cancel_timer(grant.id, REFUND)
        if grant.refund_claimed_cents:
            await self._money.withdraw_claim(tx, grant, grant.refund_claimed_cents, caller.sub, command.reason)
        return as_seen_by(await self._grants.save(tx, reopened, ProofReopened(reopened)), caller)
