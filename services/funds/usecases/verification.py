"""Proving that all of the ledger is right: titles, budgets, what was carried between them, and grants."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from chassis.ports import Caller
from chassis.refusals import Stale
from lor import CITY, OptionalRegion
from services.funds.domain.budget import Budget
from services.funds.domain.grant import Grant
from services.funds.domain.ledger import Account, Posting, posting_id
from services.funds.domain.ledger_check import BudgetCheck, Difference, TitleCheck, check_grant, check_payments
from services.funds.domain.title import BudgetTitle
from services.funds.usecases.ledger import READS_ALL
from services.funds.usecases.ports import Budgets, Grants, Ledger, Payments, Titles

ATTEMPTS = 20


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
        """One record at a time, so that the memory that it needs does not grow with the ledger."""
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
        async for grant in self._grants.every(region):
            differences.extend(await self._check_grant(grant))
            seen["grants"] += 1
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
            grants: set[str] = set()
            async for posting in self._ledger.every(budget.id):
                check.add(posting)
                carried += await self._hold_against_counterpart(check, posting)
                await self._hold_against_original(check, posting)
                await self._hold_against_grant(check, posting, grants)
            now = await self._budgets.get(budget.id)
            if now.version == budget.version:
                return {"postings": check.postings, "carried": carried}, check.differences()
            budget = now
        raise _busy()

    async def _hold_against_counterpart(self, check: BudgetCheck, posting: Posting) -> bool:
        if not posting.is_carrying:
            return False
        check.carried(posting, await self._ledger.find(posting.counterpart_id))
        return True

    async def _hold_against_original(self, check: BudgetCheck, posting: Posting) -> None:
        if posting.is_undoing:
            check.reversed(posting, await self._ledger.find(posting_id(posting.budget_id, posting.reverses)))

    async def _hold_against_grant(self, check: BudgetCheck, posting: Posting, known: set[str]) -> None:
        if not posting.grant_id or posting.grant_id in known:
            return
        if await self._grants.find(posting.grant_id):
            known.add(posting.grant_id)
        else:
            check.without_grant(posting)

    async def _check_grant(self, grant: Grant) -> tuple[Difference, ...]:
        for _ in range(ATTEMPTS):
            by_ledger = check_grant(grant, await self._ledger.of_grant(grant.id))
            by_payments = check_payments(grant, await self._payments.all_of(grant.id))
            now = await self._grants.get(grant.id)
            if now.version == grant.version:
                return (*by_ledger, *by_payments)
            grant = now
        raise _busy()


def _busy() -> Stale:
    return Stale("BUSY", "The ledger changes too fast to be proved now; repeat the call.")
