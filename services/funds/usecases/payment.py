"""Payments: ordered by one person, released by another, then paid and posted, failed, or sent back by the bank."""

from dataclasses import dataclass, replace

from chassis.fields import Cents, Day, Id, Line, PageSize, PageToken
from chassis.ports import Caller, Page, PageRequest, Transaction, new_id
from services.funds.domain.facts.grant import GrantCarried, GrantReopened
from services.funds.domain.facts.payment import (
    PaymentFailed,
    PaymentOrdered,
    PaymentPaid,
    PaymentReleased,
    PaymentReturned,
)
from services.funds.domain.grant import Grant, GrantStatus
from services.funds.domain.payment import Payment
from services.funds.usecases.booking import book, stamp
from services.funds.usecases.claim import require_party
from services.funds.usecases.grant_money import GrantMoney
from services.funds.usecases.ports import Budgets, Grants, Ledger, Payments
from services.funds.usecases.recipient import OFFICES, Recipients, file_as_read_by


@dataclass(frozen=True, slots=True)
class GetPayment:
    payment_id: Id


@dataclass(frozen=True, slots=True)
class ListPayments:
    grant_id: Id
    page_size: PageSize = 0
    page_token: PageToken = ""


@dataclass(frozen=True, slots=True)
class OrderPayment:
    grant_id: Id
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class ReleasePayment:
    payment_id: Id


@dataclass(frozen=True, slots=True)
class MarkPaymentPaid:
    payment_id: Id
    paid_on: Day


@dataclass(frozen=True, slots=True)
class MarkPaymentFailed:
    payment_id: Id
    reason: Line


@dataclass(frozen=True, slots=True)
class ReturnPayment:
    payment_id: Id
    returned_on: Day
    reason: Line


class PaymentUseCases:
    def __init__(
        self,
        payments: Payments,
        grants: Grants,
        budgets: Budgets,
        ledger: Ledger,
        money: GrantMoney,
        recipients: Recipients,
    ) -> None:
        self._payments, self._grants, self._budgets, self._ledger = payments, grants, budgets, ledger
        self._money, self._recipients = money, recipients

    async def get_payment(self, query: GetPayment, caller: Caller) -> Payment:
        payment = await self._payments.get(query.payment_id)
        grant = await self._grants.get(payment.grant_id)
        caller = await self._recipients.party(caller, grant)
        require_party(grant, caller, *OFFICES)
        return payment_as_seen_by(payment, grant, caller)

    async def list_payments(self, query: ListPayments, caller: Caller) -> Page[Payment]:
        grant = await self._grants.get(query.grant_id)
        caller = await self._recipients.party(caller, grant)
        require_party(grant, caller, *OFFICES)
        request = PageRequest(query.page_size, query.page_token, caller.sub)
        page = await self._payments.of_grant(query.grant_id, request)
        return Page(tuple(payment_as_seen_by(payment, grant, caller) for payment in page.items), page.next_page_token)

    async def locks(self, command: ReleasePayment | MarkPaymentPaid | MarkPaymentFailed) -> tuple[str, ...]:
        """The payment, its grant and its budget: no other money of theirs moves meanwhile."""
        payment = await self._payments.get(command.payment_id)
        grant = await self._grants.get(payment.grant_id)
        return (payment.id, grant.id, grant.budget_id)

    async def return_locks(self, command: ReturnPayment) -> tuple[str, ...]:
        """What comes back passes through every budget of the grant since the one that paid."""
        payment = await self._payments.get(command.payment_id)
        return (payment.id, *await self._money.places(await self._grants.get(payment.grant_id)))

    async def order_payment(self, tx: Transaction, command: OrderPayment, caller: Caller) -> Payment:
        grant = await self._grants.get(command.grant_id, tx)
        caller.require("fund_office", "treasurer", region=grant.region)
        caller = await self._recipients.party(caller, grant, tx=tx)
        await self._recipients.require_free(tx, grant)
        reserved, payment = Payment.order(grant, new_id(), command.amount_cents, caller, tx.at)
        await self._grants.save(tx, reserved)
        return payment_as_seen_by(await self._payments.add(tx, payment, PaymentOrdered(payment)), grant, caller)

    async def release_payment(self, tx: Transaction, command: ReleasePayment, caller: Caller) -> Payment:
        payment, grant, caller = await self._loaded(tx, command.payment_id, caller)
        await self._recipients.require_free(tx, grant)
        _, released = payment.release(grant, caller, tx.at)
        # The release rests on the grant's status: a revocation at the same moment must not go through beside it.
        await self._grants.hold(tx, grant.id)
        return payment_as_seen_by(await self._payments.save(tx, released, PaymentReleased(released)), grant, caller)

    async def mark_payment_paid(self, tx: Transaction, command: MarkPaymentPaid, caller: Caller) -> Payment:
        payment, grant, caller = await self._loaded(tx, command.payment_id, caller)
        lessened, paid = payment.mark_paid(grant, command.paid_on, caller, tx.at)
        budget = await self._budgets.get(grant.budget_id, tx)
        booking = stamp(tx, budget, caller.sub, moved_on=command.paid_on)
        await book(tx, self._budgets, self._ledger, *budget.pay(paid.amount_cents, grant.id, booking))
        await self._grants.save(tx, lessened)
        return payment_as_seen_by(await self._payments.save(tx, paid, PaymentPaid(paid)), grant, caller)

    async def mark_payment_failed(self, tx: Transaction, command: MarkPaymentFailed, caller: Caller) -> Payment:
        payment, grant, caller = await self._loaded(tx, command.payment_id, caller)
        freed, failed = payment.fail(grant, command.reason, caller, tx.at)
        await self._grants.save(tx, freed)
        return payment_as_seen_by(await self._payments.save(tx, failed, PaymentFailed(failed)), grant, caller)

    async def return_payment(self, tx: Transaction, command: ReturnPayment, caller: Caller) -> Payment:
        payment, grant, caller = await self._loaded(tx, command.payment_id, caller)
        lessened, returned = payment.come_back(grant, command.returned_on, command.reason, caller, tx.at)
        owed_cents = grant.refund_claimed_cents - lessened.refund_claimed_cents
        cents, paid_from = returned.amount_cents, returned.budget_id
        budget = await self._money.send_back(
            tx, grant, paid_from, cents, owed_cents, caller.sub, command.reason, command.returned_on
        )
        open_again = replace(lessened, budget_id=budget.id)
        told = open_again.public()
        reopened = (GrantReopened(told, cents),) if grant.status is GrantStatus.SETTLED else ()
        carried = (GrantCarried(told, cents, paid_from),) if budget.id != paid_from else ()
        await self._grants.save(tx, open_again, *reopened, *carried)
        return payment_as_seen_by(await self._payments.save(tx, returned, PaymentReturned(returned)), grant, caller)

    async def _loaded(self, tx: Transaction, payment_id: str, caller: Caller) -> tuple[Payment, Grant, Caller]:
        payment = await self._payments.get(payment_id, tx)
        caller.require("treasurer", region=payment.region)
        grant = await self._grants.get(payment.grant_id, tx)
        return payment, grant, await self._recipients.party(caller, grant, tx=tx)


def payment_as_seen_by(payment: Payment, grant: Grant, caller: Caller) -> Payment:
    knows = grant.is_of(caller) or caller.may("treasurer", region=payment.region)
    return file_as_read_by(caller, grant, payment if knows else payment.masked())
