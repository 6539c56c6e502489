"""A budget: the money of one fund, in one region, in one year, with the balances of its ledger kept beside."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from services.funds.domain.ledger import (
    AFTER_CLOSE,
    SOURCES,
    Account,
    Posting,
    PostingKind,
    PostingLine,
    Stamp,
    posting_id,
    split,
)
from services.funds.domain.reference import Reference
from services.funds.domain.refusals.budget import (
    AmountNotPositive,
    BudgetExceeded,
    BudgetHasOpenCommitments,
    BudgetNotPlanned,
    BudgetNotReleased,
    NotSoMuch,
    PostingIsReversed,
    PostingOfGrant,
    ValueDateOutsideYear,
)

THRESHOLDS = (80, 100)
Booked = tuple["Budget", Posting]


class BudgetStatus(StrEnum):
    PLANNED = "planned"
    RELEASED = "released"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Budget:
    """`postings` is the number of the last posting; every `…_cents` below `planned_cents` is a kept balance.

    released + brought = available + blocked + committed + paid + carried + receivable + lapsed. Every method that moves money answers (budget, posting); save both by `usecases.booking.book`, and nothing else.
    """

    id: str
    region: str
    fund_id: str
    title_id: str
    year: int
    office_actor_id: str
    planned_cents: int
    status: BudgetStatus = BudgetStatus.PLANNED
    released_cents: int = 0
    available_cents: int = 0
    blocked_cents: int = 0
    committed_cents: int = 0
    paid_cents: int = 0
    carried_cents: int = 0
    receivable_cents: int = 0
    lapsed_cents: int = 0
    postings: int = 0
    threshold_percent: int = 0
    references: tuple[Reference, ...] = ()
    brought_cents: int = 0
    version: int = 0

    def release(self, amount_cents: int, stamp: Stamp) -> Booked:
        """Take money from the title for the first time; the caller draws it there in the same transaction."""
        if self.status is not BudgetStatus.PLANNED:
            raise BudgetNotPlanned(self.status)
        return replace(self, status=BudgetStatus.RELEASED).drawn(PostingKind.RELEASE, amount_cents, stamp)

    def raised(self, amount_cents: int, stamp: Stamp) -> Booked:
        return self.drawn(PostingKind.RAISE, amount_cents, stamp)

    def drawn(self, kind: PostingKind, amount_cents: int, stamp: Stamp) -> Booked:
        return self._move(kind, Account.TITLE, Account.AVAILABLE, amount_cents, stamp)

    def cut(self, amount_cents: int, stamp: Stamp) -> Booked:
        """Give money back to the title: never what is committed, for only what is available can go."""
        return self._move(PostingKind.CUT, Account.AVAILABLE, Account.TITLE, amount_cents, stamp)

    def freeze(self, amount_cents: int, stamp: Stamp) -> Booked:
        """Lock money that may not be given out for now (Haushaltssperre)."""
        return self._move(PostingKind.FREEZE, Account.AVAILABLE, Account.BLOCKED, amount_cents, stamp)

    def unfreeze(self, amount_cents: int, stamp: Stamp) -> Booked:
        return self._move(PostingKind.UNFREEZE, Account.BLOCKED, Account.AVAILABLE, amount_cents, stamp)

    def commit(self, amount_cents: int, grant_id: str, stamp: Stamp) -> Booked:
        """Promise money to a grant; no cent is promised twice."""
        return self._move(PostingKind.COMMIT, Account.AVAILABLE, Account.COMMITTED, amount_cents, stamp, grant_id)

    def uncommit(self, amount_cents: int, grant_id: str, stamp: Stamp, lapsing_cents: int = 0) -> Booked:
        """Return what a grant does not use, or no longer gets, to the pot; what it brought from last year lapses."""
        parts = {Account.AVAILABLE: amount_cents - lapsing_cents, Account.LAPSED: lapsing_cents}
        return self._spread(PostingKind.UNCOMMIT, Account.COMMITTED, parts, stamp, grant_id)

    def pay(self, amount_cents: int, grant_id: str, stamp: Stamp) -> Booked:
        return self._move(PostingKind.PAY, Account.COMMITTED, Account.PAID, amount_cents, stamp, grant_id)

    def payment_returned(self, amount_cents: int, owed_cents: int, grant_id: str, stamp: Stamp) -> Booked:
        """A bank sent paid money back, and it is promised again; `owed_cents` were claimed back and are so no more."""
        lines = (
            PostingLine(Account.PAID, owed_cents - amount_cents),
            PostingLine(Account.RECEIVABLE, -owed_cents),
            PostingLine(Account.COMMITTED, amount_cents),
        )
        return self._book(
            PostingKind.PAYMENT_RETURNED, tuple(n for n in lines if n.amount_cents), stamp, grant_id=grant_id
        )

    def refund_claimed(self, amount_cents: int, grant_id: str, stamp: Stamp) -> Booked:
        """Money that was paid is owed back (Rückforderung); also after the year was closed."""
        return self._move(PostingKind.REFUND_CLAIMED, Account.PAID, Account.RECEIVABLE, amount_cents, stamp, grant_id)

    def refund_received(self, amount_cents: int, grant_id: str, stamp: Stamp, lapsing_cents: int = 0) -> Booked:
        """What comes back goes into the pot; after the year was closed it lapses."""
        lapsing = amount_cents if self.status is BudgetStatus.CLOSED else lapsing_cents
        parts = {Account.AVAILABLE: amount_cents - lapsing, Account.LAPSED: lapsing}
        return self._spread(PostingKind.REFUND_RECEIVED, Account.RECEIVABLE, parts, stamp, grant_id)

    def refund_corrected(self, amount_cents: int, grant_id: str, stamp: Stamp, lapsed_cents: int = 0) -> Booked:
        """So much did not come in: it is owed again, and taken from where it was booked; of a closed year all lapsed."""
        if amount_cents <= 0:
            raise AmountNotPositive
        lapsed = amount_cents if self.status is BudgetStatus.CLOSED else lapsed_cents
        parts = {Account.AVAILABLE: lapsed - amount_cents, Account.LAPSED: -lapsed}
        return self._book(PostingKind.REFUND_CORRECTED, split(Account.RECEIVABLE, parts), stamp, grant_id=grant_id)

    def refund_claim_withdrawn(self, amount_cents: int, grant_id: str, stamp: Stamp) -> Booked:
        """So much is owed no more, and was paid as before it was claimed; also after the year was closed."""
        kind = PostingKind.REFUND_CLAIM_WITHDRAWN
        return self._move(kind, Account.RECEIVABLE, Account.PAID, amount_cents, stamp, grant_id)

    def carry_forward(self, amount_cents: int, grant_id: str, stamp: Stamp, into: "Budget") -> Booked:
        """Hand a promise on to the next year's budget, which brings it forward in the same transaction."""
        kind, parts = PostingKind.CARRY_FORWARD, {Account.CARRIED: amount_cents}
        return self._spread(kind, Account.COMMITTED, parts, stamp, grant_id, counterpart=into)

    def bring_forward(self, amount_cents: int, grant_id: str, stamp: Stamp, source: "Budget") -> Booked:
        """Take over a promise of the year before, with the money for it; nothing is drawn from the title."""
        kind, parts = PostingKind.BRING_FORWARD, {Account.COMMITTED: amount_cents}
        return self._spread(kind, Account.BROUGHT, parts, stamp, grant_id, counterpart=source)

    def close(self, stamp: Stamp) -> tuple["Budget", Posting | None]:
        """End the year: what is left lapses, nothing may be released or committed any more; what is owed stays owed."""
        if self.status is BudgetStatus.CLOSED:
            raise BudgetNotReleased(self.status)
        if self.committed_cents:
            raise BudgetHasOpenCommitments(self.committed_cents)
        left = {account: -self.balance_cents(account) for account in (Account.AVAILABLE, Account.BLOCKED)}
        if not any(left.values()):
            return replace(self, status=BudgetStatus.CLOSED), None
        lapsed, posting = self._book(PostingKind.LAPSE, split(Account.LAPSED, left), stamp)
        return replace(lapsed, status=BudgetStatus.CLOSED), posting

    def reverse(self, original: Posting, stamp: Stamp) -> Booked:
        """Undo a posting by its opposite; whoever calls makes sure that it is not reversed yet."""
        if original.kind is PostingKind.REVERSAL:
            raise PostingIsReversed(original.number)
        if original.grant_id:
            raise PostingOfGrant(original.kind, original.grant_id)
        lines = tuple(PostingLine(line.account, -line.amount_cents) for line in original.lines)
        return self._book(PostingKind.REVERSAL, lines, stamp, reverses=original.number)

    def with_threshold(self) -> tuple["Budget", tuple[int, ...]]:
        """The budget that remembers which of 80 and 100 % is used up, and those that were crossed upwards just now."""
        used = self.committed_cents + self.paid_cents + self.carried_cents + self.receivable_cents
        total = used + self.available_cents + self.blocked_cents + self.lapsed_cents
        level = max((t for t in THRESHOLDS if total and used * 100 >= t * total), default=0)
        crossed = tuple(t for t in THRESHOLDS if self.threshold_percent < t <= level)
        return replace(self, threshold_percent=level), crossed

    def balance_cents(self, account: Account) -> int:
        """The kept balance of an account."""
        if account is Account.TITLE:
            return -self.released_cents
        if account is Account.BROUGHT:
            return -self.brought_cents
        return int(getattr(self, f"{account}_cents"))

    def _move(
        self, kind: PostingKind, source: Account, target: Account, amount_cents: int, stamp: Stamp, grant_id: str = ""
    ) -> Booked:
        return self._spread(kind, source, {target: amount_cents}, stamp, grant_id)

    def _spread(
        self, kind: PostingKind, source: Account, parts: Mapping[Account, int], stamp: Stamp, grant_id: str, **more: Any
    ) -> Booked:
        if sum(parts.values()) <= 0:
            raise AmountNotPositive
        return self._book(kind, split(source, parts), stamp, grant_id=grant_id, **more)

    def _book(
        self,
        kind: PostingKind,
        lines: tuple[PostingLine, ...],
        stamp: Stamp,
        *,
        grant_id: str = "",
        reverses: int = 0,
        counterpart: "Budget | None" = None,
    ) -> Booked:
        is_back = self.status is BudgetStatus.CLOSED and kind in AFTER_CLOSE
        if self.status is not BudgetStatus.RELEASED and not is_back:
            raise BudgetNotReleased(self.status)
        if stamp.value_date.year != self.year:
            raise ValueDateOutsideYear(stamp.value_date, self.year)
        number = self.postings + 1
        posting = Posting(
            id=posting_id(self.id, number),
            budget_id=self.id,
            region=self.region,
            number=number,
            kind=kind,
            lines=lines,
            value_date=stamp.value_date,
            recorded_at=stamp.at,
            by=stamp.by,
            grant_id=grant_id,
            reverses=reverses,
            reason=stamp.reason,
            moved_on=stamp.moved_on,
            counterpart_budget_id=counterpart.id if counterpart else "",
            counterpart_number=counterpart.postings + 1 if counterpart else 0,
        )
        return replace(self._with(lines), postings=number), posting

    def _with(self, lines: tuple[PostingLine, ...]) -> "Budget":
        kept = {account: self.balance_cents(account) for account in Account}
        for line in lines:
            kept[line.account] += line.amount_cents
            if line.account not in SOURCES and line.amount_cents < 0 and kept[line.account] < 0:
                held = self.balance_cents(line.account)
                raise BudgetExceeded(held) if line.account is Account.AVAILABLE else NotSoMuch(line.account, held)
        return self.with_balances(kept)

    def with_balances(self, kept: Mapping[Account, int]) -> "Budget":
        """The budget as if these were its balances."""
        own: dict[str, Any] = {f"{account}_cents": kept[account] for account in Account if account not in SOURCES}
        return replace(self, released_cents=-kept[Account.TITLE], brought_cents=-kept[Account.BROUGHT], **own)
