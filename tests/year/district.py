"""The year of one district: thirteen neighbourhood funds, two rounds, five hundred applications and what becomes of them."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from chassis.ports import new_id
from lor import NAMES
from tests.year.neighbourhood import Neighbourhood
from tests.year.office import AUDITOR, Office

DISTRICT = "11"
POT_CENTS = 1_300_000
APPLICATIONS = 500
AT_ONCE = 8


@dataclass
class District:
    """Plays one act after the other, in each of which the neighbourhoods work side by side."""

    office: Office
    chance: random.Random
    year: int
    fund: str = ""
    neighbourhoods: list[Neighbourhood] = field(default_factory=list)

    async def play(self) -> None:
        await self._found()
        half = APPLICATIONS // 2
        await self._round(date(self.year, 1, 4), half)
        await self._round(date(self.year, 6, 1), APPLICATIONS - half)
        await self._settle_what_is_over(date(self.year, 11, 20))
        await self._end_of_year()

    async def _found(self) -> None:
        regions = sorted(key for key in NAMES if key.startswith(DISTRICT) and len(key) == 6)
        total = POT_CENTS * len(regions)
        title = await self.office.office(
            "TitleService/PlanTitle", region=DISTRICT, chapter="3320", number="68432", name="Zuschüsse für besondere, soziale Projekte",
            years=[{"year": self.year, "total_cents": total}],
        )  # fmt: skip
        rules = {
            "decision_body": "DECISION_BODY_JURY", "cap_cents": 100_000, "cap_exception_allowed": True, "quorum_percent": 50,
            "jury_size": 7, "four_eyes": True, "payout": "PAYOUT_REIMBURSEMENT", "proof_due_days": 28,
        }  # fmt: skip
        fund = await self.office.office(
            "FundService/CreateFund", region=DISTRICT, kind="FUND_KIND_KIEZFONDS", name="Kiezfonds Lichtenberg", office_actor_id=new_id(), rules=rules,
        )  # fmt: skip
        self.fund = fund.fund.id
        planned = await self.office.office(
            "BudgetService/PlanBudgets", fund_id=self.fund, title_id=title.title.id, year=self.year, total_cents=total,
            minimum_cents=POT_CENTS, shares=[{"region": region, "weight": 1} for region in regions],
        )  # fmt: skip
        await self.office.reach(date(self.year, 1, 2))
        self.neighbourhoods = [
            Neighbourhood(
                self.office, random.Random(self.chance.random()), self.fund, budget.id, budget.region, self.year
            )
            for budget in planned.budgets
        ]
        await self._each(Neighbourhood.found)

    async def _round(self, opens_on: date, applications: int) -> None:
        closes_on, session_on = opens_on + timedelta(days=18), opens_on + timedelta(days=37)
        await self._each(lambda place: place.plan(opens_on, closes_on, session_on))
        await self.office.reach(opens_on)
        share, rest = divmod(applications, len(self.neighbourhoods))
        counts = {place.region: share + (index < rest) for index, place in enumerate(self.neighbourhoods)}
        await self._each(lambda place: place.apply(counts[place.region]))
        await self.office.reach(closes_on + timedelta(days=1))
        await self._each(Neighbourhood.prepare)
        await self.office.reach(session_on, hour=17)
        await self._each(Neighbourhood.decide)
        await self.office.reach(session_on + timedelta(days=2))
        await self._each(Neighbourhood.agree)
        await self.office.reach(session_on + timedelta(days=55))
        await self._each(Neighbourhood.carry_out)

    async def _settle_what_is_over(self, day: date) -> None:
        await self.office.reach(day)
        await self._each(Neighbourhood.settle)

    async def _end_of_year(self) -> None:
        await self.office.reach(date(self.year, 12, 31))
        await self._each(Neighbourhood.close)

    async def verified(self) -> Any:
        return await self.office.ask("LedgerService/VerifyLedger", "auditor", AUDITOR, region=DISTRICT)

    async def _each(self, act: Callable[[Neighbourhood], Awaitable[None]]) -> None:
        room = asyncio.Semaphore(AT_ONCE)

        async def one(place: Neighbourhood) -> None:
            async with room:
                await act(place)

        async with asyncio.TaskGroup() as group:
            for place in self.neighbourhoods:
                group.create_task(one(place))
