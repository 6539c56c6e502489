"""What everyone may read of the money of a region in a year: the figures, and what was decided."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from chassis.fields import PageToken, Year
from chassis.ports import Caller, Clock, Page, PageRequest, end_of_day
from lor import CITY, Region, within
from services.funds.domain.asked import Asked, Call, InRound, OutsideRounds, asked_in_all
from services.funds.domain.budget import Budget
from services.funds.domain.decided import AwardTold, RefusalTold, award_told, refusals_told, told_of
from services.funds.domain.funding_round import FundingRound, RoundStatus
from services.funds.domain.refusals.export import RegionTooWide
from services.funds.domain.transparency import PotYear, RegionYear, in_all, pot_year
from services.funds.usecases.ports import Applications, Budgets, Funds, Grants, Rounds, Sessions

MOST_POTS = 200
MOST_SESSIONS = 20
AWARDS_A_PAGE = 25
# So many reads of one answer at a time: it must not be what keeps others from the store.
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class GetRegionYear:
    region: Region
    year: Year


@dataclass(frozen=True, slots=True)
class ListAwards:
    region: Region
    year: Year
    page_token: PageToken = ""


class TransparencyUseCases:
    def __init__(
        self,
        funds: Funds,
        budgets: Budgets,
        rounds: Rounds,
        applications: Applications,
        sessions: Sessions,
        grants: Grants,
        clock: Clock,
    ) -> None:
        self._funds, self._budgets, self._rounds = funds, budgets, rounds
        self._applications, self._sessions, self._grants = applications, sessions, grants
        self._clock = clock

    async def get_region_year(self, query: GetRegionYear, caller: Caller) -> RegionYear:
        budgets, is_complete = await self._pots(query.region, query.year)
        names = {fund.id: fund.name for fund in await self._funds.many(budget.fund_id for budget in budgets)}
        rounds = await self._rounds.of_year(query.region, query.year)
        places = asyncio.Semaphore(AT_ONCE)

        async def pot(budget: Budget) -> PotYear:
            own = [r for r in rounds if r.budget_id == budget.id and r.status is not RoundStatus.CANCELLED]
            async with places:
                asked = await self._asked(budget, own, _inside(budget, budgets))
            return pot_year(budget, names.get(budget.fund_id, ""), asked, is_open=_is_open(own, self._clock.now()))

        pots = tuple(await asyncio.gather(*map(pot, budgets)))
        return RegionYear(query.region, query.year, in_all(pots), pots, is_complete)

    async def list_awards(self, query: ListAwards) -> Page[AwardTold]:
        """What was awarded, newest first, with how it was voted on once that is public."""
        request = PageRequest(AWARDS_A_PAGE, query.page_token)
        page = await self._grants.listed(query.region, request, year=query.year)
        ids = (grant.session_id for grant in page.items if grant.session_id)
        sessions = {session.id: session for session in await self._sessions.many(ids)}
        told = tuple(award_told(grant, sessions.get(grant.session_id)) for grant in page.items)
        return Page(told, page.next_page_token)

    async def list_refusals(self, query: GetRegionYear) -> tuple[RefusalTold, ...]:
        """What got nothing in the newest sessions of the year, newest first."""
        budgets, _ = await self._pots(query.region, query.year)
        ids = tuple(budget.id for budget in budgets)
        sessions = await self._sessions.with_minutes(query.region, ids, MOST_SESSIONS) if ids else ()
        applications = {one.id: one for one in await self._applications.many(told_of(sessions))}
        return tuple(told for session in sessions for told in refusals_told(session, applications))

    async def _pots(self, region: str, year: int) -> tuple[tuple[Budget, ...], bool]:
        if region == CITY:
            raise RegionTooWide
        page = await self._budgets.listed(region, "", year, PageRequest(MOST_POTS))
        return page.items, not page.next_page_token

    async def _asked(self, budget: Budget, rounds: Iterable[FundingRound], inside: tuple[str, ...]) -> Asked:
        """What the rounds of a pot were asked for, and what came for it outside of rounds in its year.

        What came from a place that has a pot of its own (`inside`) was asked of that one: it is counted once, and no two sums differ by it.
        """
        first, end = end_of_day(date(budget.year - 1, 12, 31)), end_of_day(date(budget.year, 12, 31))
        asked = await self._asked_in(OutsideRounds(budget.fund_id, budget.region, inside, first, end))
        for one in rounds:
            asked += await self._asked_in(InRound(one.fund_id, one.id))
        return asked

    async def _asked_in(self, call: Call) -> Asked:
        """What stands in approved minutes is told, whatever became of it since."""
        listed = await self._sessions.in_minutes(await self._applications.scheduled_once(call))
        told = await self._applications.asked(call, listed, among=True)
        others = await self._applications.asked(call, listed, among=False)
        return asked_in_all(told, in_minutes=True) + asked_in_all(others, in_minutes=False)


def _inside(budget: Budget, budgets: Iterable[Budget]) -> tuple[str, ...]:
    """The places within a pot's region for which the same fund has another pot."""
    same = (one.region for one in budgets if one.fund_id == budget.fund_id and one.id != budget.id)
    return tuple(region for region in same if within(region, budget.region))


def _is_open(rounds: Iterable[FundingRound], at: datetime) -> bool:
    """Whether a round still takes applications: what others ask for is told to nobody before its end."""
    return any(one.takes_applications_at(at) or one.status is RoundStatus.OPEN for one in rounds)
