"""Proving that all of the ledger is right: titles, budgets, what was carried between them, and grants."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from chassis.ports import Caller
from chassis.refusals import Stale
from lor import CITY, OptionalRegion
from services.funds.domain.budget import Budget
from services.funds.domain.grant import Grant
from services.funds.domain.ledger import Account, Posting, posting_id
from services.funds.domain.ledger_check import BudgetCheck, Difference, TitleCheck, check_grant, check_payments
from services.funds.domain.payment import Payment
from services.funds.domain.title import BudgetTitle
from services.funds.usecases.ledger import READS_ALL
from services.funds.usecases.ports import Budgets, Grants, Ledger, Payments, Titles

ATTEMPTS = 20
AT_ONCE = 200
T = TypeVar("T")
R = TypeVar("R", Posting, Payment)


@dataclass(frozen=True, slots=True)
class VerifyLedger:
    region: OptionalRegion = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """How much was recomputed, and every difference that was found."""

    titles: int
    budgets: int
    postings: int
    grants: int
    carried: int
    differences: tuple[Difference, ...]
    # Of all budgets that were recomputed; not told to callers.
    balances: Mapping[Account, int] = field(default_factory=dict)

    @property
    def correct(self) -> bool:
        return not self.differences


class VerificationUseCases:
    def __init__(self, titles: Titles, budgets: Budgets, ledger: Ledger, grants: Grants, payments: Payments) -> None:
        self._titles, self._budgets, self._ledger = titles, budgets, ledger
        self._grants, self._payments = grants, payments

    async def verify_ledger(self, query: VerifyLedger, caller: Caller) -> Verification:
        """A few hundred records at a time: neither its memory nor its questions to the store grow with each grant."""
        region = query.region or CITY
        caller.require(*READS_ALL, region=region)
        seen: Counter[str] = Counter()
        differences: list[Difference] = []
        balances: Counter[Account] = Counter(dict.fromkeys(Account, 0))
        async for title in self._titles.every(region):
            differences.extend(await self._check_title(title))
            seen["titles"] += 1
        async for budget in self._budgets.every(region):
            counted, found = await self._check_budget(budget)
            differences.extend(found)
            seen.update(counted, budgets=1)
            balances.update({account: budget.balance_cents(account) for account in Account})
        async for grants in _together(self._grants.every(region)):
            differences.extend(await self._check_grants(grants))
            seen["grants"] += len(grants)
        return Verification(
            titles=seen["titles"],
            budgets=seen["budgets"],
            postings=seen["postings"],
            grants=seen["grants"],
            carried=seen["carried"],
            differences=tuple(differences),
            balances=balances,
        )

    # The checks read without a lock. What they read is one state of the record when its version is the same before
    # and after: every movement of money saves the budget, and the title and the grant too where it touches them.

    async def _check_title(self, title: BudgetTitle) -> tuple[Difference, ...]:
        for _ in range(ATTEMPTS):
            check = TitleCheck(title)
            async for budget in self._budgets.of_title(title.id):
                check.add(budget)
            now = await self._titles.get(title.id)
            if now.version == title.version:
                return check.differences()
            title = now
        raise _busy()

    async def _check_budget(self, budget: Budget) -> tuple[Mapping[str, int], tuple[Difference, ...]]:
        for _ in range(ATTEMPTS):
            check, carried = BudgetCheck(budget), 0
            async for postings in _together(self._ledger.every(budget.id)):
                carried += await self._hold_against_others(check, postings)
            now = await self._budgets.get(budget.id)
            if now.version == budget.version:
                return {"postings": check.postings, "carried": carried}, check.differences()
            budget = now
        raise _busy()

    async def _hold_against_others(self, check: BudgetCheck, postings: Sequence[Posting]) -> int:
        """Against counterparts, what they undo, and the grants that they name; answers how many were carried."""
        named = [p.counterpart_id for p in postings if p.is_carrying]
        named += [posting_id(p.budget_id, p.reverses) for p in postings if p.is_undoing]
        others = {other.id: other for other in await self._ledger.many(named)}
        grants = await self._grants.existing({p.grant_id for p in postings if p.grant_id})
        for posting in postings:
            check.add(posting)
            if posting.is_carrying:
                check.carried(posting, others.get(posting.counterpart_id))
            if posting.is_undoing:
                check.reversed(posting, others.get(posting_id(posting.budget_id, posting.reverses)))
            if posting.grant_id and posting.grant_id not in grants:
                check.without_grant(posting)
        return sum(posting.is_carrying for posting in postings)

    async def _check_grants(self, grants: Sequence[Grant]) -> list[Difference]:
        found: list[Difference] = []
        for _ in range(ATTEMPTS):
            ids = [grant.id for grant in grants]
            postings = _by_grant(await self._ledger.of_grants(ids))
            payments = _by_grant(await self._payments.of_grants(ids))
            now = {grant.id: grant for grant in await self._grants.many(ids)}
            for grant in grants:
                if now[grant.id].version == grant.version:
                    found.extend(check_grant(grant, postings[grant.id]))
                    found.extend(check_payments(grant, payments[grant.id]))
            grants = [now[grant.id] for grant in grants if now[grant.id].version != grant.version]
            if not grants:
                return found
        raise _busy()


async def _together(rows: AsyncIterator[T]) -> AsyncIterator[list[T]]:
    taken: list[T] = []
    async for row in rows:
        taken.append(row)
        if len(taken) == AT_ONCE:
            yield taken
            taken = []
    if taken:
        yield taken


def _by_grant(rows: Iterable[R]) -> Mapping[str, list[R]]:
    found: defaultdict[str, list[R]] = defaultdict(list)
    for row in rows:
        found[row.grant_id].append(row)
    return found


def _busy() -> Stale:
    return Stale("BUSY", "The ledger changes too fast to be proved now; repeat the call.")
