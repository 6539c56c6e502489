"""What everyone may read of the money of a region in a year: the figures, and what was decided."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from chassis.fields import PageToken, Year
from chassis.ports import Caller, Clock, Page, PageRequest, end_of_day
from lor import CITY, Region, within
from services.funds.domain.asked import Asked, AskedOf, AskedPart, Call, InRounds, OutsideRounds
from services.funds.domain.budget import Budget
from services.funds.domain.decided import AwardTold, RefusalTold, award_told, refusals_told, told_of
from services.funds.domain.funding_round import FundingRound, RoundStatus
from services.funds.domain.refusals.export import RegionTooWide
from services.funds.domain.transparency import PotYear, RegionYear, in_all, pot_year
from services.funds.usecases.ports import Applications, Budgets, Funds, Grants, Rounds, Sessions

MOST_POTS = 200
MOST_SESSIONS = 20
AWARDS_A_PAGE = 25


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
        rounds = [
            r for r in await self._rounds.of_year(query.region, query.year) if r.status is not RoundStatus.CANCELLED
        ]
        parts = [part for call in _calls(query, budgets, rounds) for part in await self._asked(call)]

        def pot(budget: Budget) -> PotYear:
            own = [one for one in rounds if one.budget_id == budget.id]
            of = AskedOf(budget.fund_id, budget.region, frozenset(one.id for one in own), _inside(budget, budgets))
            asked = sum((asked for part, asked in parts if of.takes(part)), Asked())
            return pot_year(budget, names.get(budget.fund_id, ""), asked, is_open=_is_open(own, self._clock.now()))

        pots = tuple(pot(budget) for budget in budgets)
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

    async def _asked(self, call: Call) -> tuple[tuple[AskedPart, Asked], ...]:
        """What stands in approved minutes is told, whatever became of it since."""
        listed = await self._sessions.in_minutes(await self._applications.scheduled_once(call))
        told = await self._applications.asked(call, listed, among=True) if listed else ()
        others = await self._applications.asked(call, listed, among=False)
        in_minutes = tuple((part, part.asked(in_minutes=True)) for part in told)
        return (*in_minutes, *((part, part.asked(in_minutes=False)) for part in others))


def _calls(query: GetRegionYear, budgets: Collection[Budget], rounds: Collection[FundingRound]) -> Iterator[Call]:
    """What was handed in for the rounds of the pots, and to their funds outside of rounds within the year."""
    if rounds:
        yield InRounds(_once(one.fund_id for one in rounds), _once(one.id for one in rounds))
    if budgets:
        first, end = end_of_day(date(query.year - 1, 12, 31)), end_of_day(date(query.year, 12, 31))
        yield OutsideRounds(_once(one.fund_id for one in budgets), query.region, first, end)


def _once(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


def _inside(budget: Budget, budgets: Iterable[Budget]) -> tuple[str, ...]:
    """The places within a pot's region for which the same fund has another pot."""
    same = (one.region for one in budgets if one.fund_id == budget.fund_id and one.id != budget.id)
    return tuple(region for region in same if within(region, budget.region))


def _is_open(rounds: Iterable[FundingRound], at: datetime) -> bool:
    """Whether a round still takes applications: what others ask for is told to nobody before its end."""
    return any(one.takes_applications_at(at) or one.status is RoundStatus.OPEN for one in rounds)
