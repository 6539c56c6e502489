"""Grants: the agreement, the calendar's part, and the end."""

from dataclasses import dataclass
from datetime import timedelta

from chassis.fields import Cents, Day, Id, Line, OptionalLine
from chassis.ports import Caller, Transaction, end_of_day
from services.funds.domain import proving, settlement
from services.funds.domain.facts.grant import (
    GrantAgreed,
    GrantReopened,
    GrantRevoked,
    GrantSettled,
    GrantStarted,
    ProofDue,
    ProofOverdue,
    RefundClaimed,
    RefundCorrected,
    RefundOverdue,
    RefundReceived,
)
from services.funds.domain.grant import Grant
from services.funds.domain.payee import Iban, Payee
from services.funds.domain.payment import require_eye
from services.funds.usecases.grant_money import GrantMoney
from services.funds.usecases.grant_reading import as_seen_by
from services.funds.usecases.grant_timers import DUE, OVERDUE, REFUND, STARTS, UNTIL_PROVEN
from services.funds.usecases.ports import Applications, Grants, Payments
from services.funds.usecases.recipient import Recipients
from services.funds.usecases.taking_back import TakingBack


@dataclass(frozen=True, slots=True)
class AgreeGrant:
    grant_id: Id
    agreement_number: Line
    payee_name: Line
    iban: Iban
    etag: str = ""


@dataclass(frozen=True, slots=True)
class ChangePayee:
    grant_id: Id
    payee_name: Line
    iban: Iban
    reason: Line
    etag: str = ""


@dataclass(frozen=True, slots=True)
class SettleGrant:
    grant_id: Id
    waiver_reason: OptionalLine = ""


@dataclass(frozen=True, slots=True)
class CancelGrant:
    grant_id: Id
    reason: Line


@dataclass(frozen=True, slots=True)
class RevokeGrant:
    grant_id: Id
    reason: Line


@dataclass(frozen=True, slots=True)
class ReceiveRefund:
    grant_id: Id
    amount_cents: Cents
    received_on: Day


@dataclass(frozen=True, slots=True)
class CorrectRefund:
    """`amount_cents` is what was booked and did not come."""

    grant_id: Id
    amount_cents: Cents
    reason: Line


class GrantUseCases:
    def __init__(
        self,
        grants: Grants,
        money: GrantMoney,
        applications: Applications,
        payments: Payments,
        recipients: Recipients,
        taking_back: TakingBack,
    ) -> None:
        self._grants, self._money, self._applications, self._payments = grants, money, applications, payments
        self._recipients, self._taking_back = recipients, taking_back

    async def money_locks(
        self, command: SettleGrant | CancelGrant | RevokeGrant | ReceiveRefund | CorrectRefund
    ) -> tuple[str, ...]:
        """A command that moves money queues for the grant and for its budgets."""
        return await self._money.places(await self._grants.get(command.grant_id))

    async def agree_grant(self, tx: Transaction, command: AgreeGrant, caller: Caller) -> Grant:
        grant = await self._grants.get(command.grant_id, tx, etag=command.etag)
        caller.require("fund_office", region=grant.region)
        await self._recipients.require_other(tx, caller, grant)
        payee = Payee.of(command.payee_name, command.iban, caller.sub)
        agreed = grant.agree(command.agreement_number, payee, caller.sub, tx.at)
        _set_timers(tx, agreed)
        return as_seen_by(await self._grants.save(tx, agreed, GrantAgreed(agreed)), caller)

    async def change_payee(self, tx: Transaction, command: ChangePayee, caller: Caller) -> Grant:
        grant = await self._grants.get(command.grant_id, tx, etag=command.etag)
        caller.require("fund_office", region=grant.region)
        await self._recipients.require_other(tx, caller, grant)
        payee = Payee.of(command.payee_name, command.iban, caller.sub, command.reason)
        return as_seen_by(await self._grants.save(tx, grant.change_payee(payee)), caller)

    async def settle_grant(self, tx: Transaction, command: SettleGrant, caller: Caller) -> Grant:
        grant = await self._grants.get(command.grant_id, tx)
        caller.require("fund_office", region=grant.region)
        await self._recipients.require_other(tx, caller, grant)
        settled = settlement.settle(grant, command.waiver_reason, caller.sub, tx.at)
        await self._return_rest(tx, grant, settled, caller)
        return as_seen_by(await self._grants.save(tx, settled, GrantSettled(settled)), caller)

    async def cancel_grant(self, tx: Transaction, command: CancelGrant, caller: Caller) -> Grant:
        grant = await self._grants.get(command.grant_id, tx)
        caller.require("fund_office", region=grant.region)
        cancelled = await self._taking_back.take_back(tx, grant.id, command.reason, caller.sub)
        application = await self._applications.find(grant.application_id, tx)
        if application is not None:
            await self._applications.save(tx, application.cancel(command.reason, caller.sub, tx.at))
        return as_seen_by(cancelled, caller)

    async def revoke_grant(self, tx: Transaction, command: RevokeGrant, caller: Caller) -> Grant:
        grant = await self._grants.get(command.grant_id, tx)
        caller.require("fund_office", region=grant.region)
        await self._recipients.require_other(tx, caller, grant)
        revoked = settlement.revoke(grant, command.reason, caller.sub, tx.at)
        await self._return_rest(tx, grant, revoked, caller, command.reason)
        set_refund_timer(tx, revoked)
        owed = revoked.refund_claimed_cents
        if owed:
            await self._money.claim_back(tx, revoked, owed, caller.sub, command.reason)
        facts = (GrantRevoked(revoked), *((RefundClaimed(revoked, owed),) if owed else ()))
        return as_seen_by(await self._grants.save(tx, revoked, *facts), caller)

    async def receive_refund(self, tx: Transaction, command: ReceiveRefund, caller: Caller) -> Grant:
        grant = await self._of_treasurer(tx, command.grant_id, caller)
        paid_on = (payment.paid_on for payment in await self._payments.all_of(grant.id, tx) if payment.paid_on)
        received = settlement.receive_refund(
            grant, command.amount_cents, command.received_on, tx.at, first_paid_on=min(paid_on, default=None)
        )
        await self._money.receive_back(tx, grant, command.amount_cents, caller.sub, command.received_on)
        if not received.refund_due_cents:
            tx.cancel_timer(grant.id, REFUND)
        fact = RefundReceived(received, command.amount_cents)
        return as_seen_by(await self._grants.save(tx, received, fact), caller)

    async def correct_refund(self, tx: Transaction, command: CorrectRefund, caller: Caller) -> Grant:
        """Less came than was booked: what did not come is owed again."""
        grant = await self._of_treasurer(tx, command.grant_id, caller)
        corrected = settlement.correct_refund(grant, command.amount_cents)
        await self._money.refund_did_not_come(tx, grant, command.amount_cents, caller.sub, command.reason)
        set_refund_timer(tx, corrected)
        told = GrantReopened(corrected.public(), command.amount_cents)
        facts = (told,) if corrected.status is not grant.status else ()
        fact = RefundCorrected(corrected, command.amount_cents)
        return as_seen_by(await self._grants.save(tx, corrected, fact, *facts), caller)

    async def start(self, tx: Transaction, grant_id: str) -> None:
        grant = await self._grants.get(grant_id, tx)
        started = grant.start()
        if started is not grant:
            await self._grants.save(tx, started, GrantStarted(started))

    async def proof_falls_due(self, tx: Transaction, grant_id: str) -> None:
        grant = await self._grants.get(grant_id, tx)
        due = proving.falls_due(grant)
        if due is not grant:
            await self._grants.save(tx, due, ProofDue(due))

    async def proof_falls_overdue(self, tx: Transaction, grant_id: str) -> None:
        grant = await self._grants.get(grant_id, tx)
        overdue = proving.falls_overdue(grant)
        if overdue is not grant:
            await self._grants.save(tx, overdue, ProofOverdue(overdue))

    async def refund_falls_overdue(self, tx: Transaction, grant_id: str) -> None:
        grant = await self._grants.get(grant_id, tx)
        if settlement.refund_is_overdue(grant, tx.at):
            await self._grants.save(tx, grant, RefundOverdue(grant, grant.refund_due_cents))

    async def _of_treasurer(self, tx: Transaction, grant_id: str, caller: Caller) -> Grant:
        grant = await self._grants.get(grant_id, tx)
        caller.require("treasurer", region=grant.region)
        require_eye(await self._recipients.party(caller, grant, tx=tx), grant)
        return grant

    async def _return_rest(
        self, tx: Transaction, before: Grant, ended: Grant, caller: Caller, reason: str = ""
    ) -> None:
        """Free what was committed and is not paid, in the same transaction as the end of the grant."""
        for purpose in UNTIL_PROVEN:
            tx.cancel_timer(ended.id, purpose)
        freed_cents = ended.returned_cents - before.returned_cents
        if freed_cents:
            await self._money.give_back(tx, ended, freed_cents, caller.sub, reason)


def _set_timers(tx: Transaction, grant: Grant) -> None:
    assert grant.proof_due_on is not None, "an agreement sets it"
    tx.set_timer(grant.id, STARTS, end_of_day(grant.starts_on - timedelta(days=1)))
    tx.set_timer(grant.id, DUE, end_of_day(grant.ends_on))
    tx.set_timer(grant.id, OVERDUE, end_of_day(grant.proof_due_on))


def set_refund_timer(tx: Transaction, grant: Grant) -> None:
    """Remember the day of a refund, where one is owed."""
    if grant.refund_due_on is not None:
        tx.set_timer(grant.id, REFUND, end_of_day(grant.refund_due_on))
