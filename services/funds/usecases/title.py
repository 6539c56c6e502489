"""Planning, revising and reading budget titles."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import MaxLen, MinLen

from chassis.fields import Cents, Check, Id, Line, PageSize, PageToken, Year
from chassis.ports import Caller, Page, PageRequest, Transaction, new_id
from lor import CITY, OptionalRegion, Region
from services.funds.domain.facts import TitlePlanned, TitleRevised
from services.funds.domain.reference import Reference
from services.funds.domain.refusals.title import TitleExists, TitleYearsWrong
from services.funds.domain.title import BudgetTitle, TitleYear
from services.funds.usecases.ports import Titles

References = Annotated[tuple[Reference, ...], MaxLen(20)]
Digits = Annotated[str, MinLen(1), MaxLen(10), Check(lambda v: v.isascii() and v.isdigit(), "must be digits")]
OptionalYear = Annotated[int, Check(lambda v: v == 0 or 2000 <= v <= 2200, "must be a year from 2000 to 2200")]


@dataclass(frozen=True, slots=True)
class YearTotal:
    year: Year
    total_cents: Cents


@dataclass(frozen=True, slots=True)
class PlanTitle:
    region: Region
    chapter: Digits
    number: Digits
    name: Line
    years: Annotated[tuple[YearTotal, ...], MinLen(1), MaxLen(2)]
    references: References = ()


@dataclass(frozen=True, slots=True)
class ReviseTitle:
    """The total of one year; `reference` is the council's paper that changes it."""

    title_id: Id
    year: Year
    total_cents: Cents
    reference: Reference
    etag: str = ""


@dataclass(frozen=True, slots=True)
class GetTitle:
    title_id: Id


@dataclass(frozen=True, slots=True)
class ListTitles:
    region: OptionalRegion = ""
    year: OptionalYear = 0
    page_size: PageSize = 0
    page_token: PageToken = ""


class TitleUseCases:
    def __init__(self, titles: Titles) -> None:
        self._titles = titles

    async def plan_title(self, tx: Transaction, command: PlanTitle, caller: Caller) -> BudgetTitle:
        caller.require("fund_office", region=command.region)
        first, *more = (y.year for y in command.years)
        if more not in ([], [first + 1]):
            raise TitleYearsWrong
        for year in (first, *more):
            if await self._titles.planned(tx, command.region, command.chapter, command.number, year):
                raise TitleExists(year)
        title = BudgetTitle(
            id=new_id(),
            region=command.region,
            chapter=command.chapter,
            number=command.number,
            name=command.name,
            years=tuple(TitleYear(y.year, y.total_cents) for y in command.years),
            references=command.references,
        )
        return await self._titles.add(tx, title, TitlePlanned(title))

    async def plan_locks(self, command: PlanTitle) -> tuple[str, ...]:
        """One title after the other of the same place in the budget plan."""
        return (f"title/{command.region}/{command.chapter}/{command.number}",)

    async def revise_title(self, tx: Transaction, command: ReviseTitle, caller: Caller) -> BudgetTitle:
        title = await self._titles.get(command.title_id, tx, etag=command.etag)
        caller.require("fund_office", region=title.region)
        previous = title.of_year(command.year).total_cents
        revised = title.revise(command.year, command.total_cents, command.reference)
        return await self._titles.save(tx, revised, TitleRevised(revised, command.year, previous))

    async def get_title(self, query: GetTitle, caller: Caller) -> BudgetTitle:
        return await self._titles.get(query.title_id)

    async def list_titles(self, query: ListTitles, caller: Caller) -> Page[BudgetTitle]:
        request = PageRequest(query.page_size, query.page_token, caller.sub)
        return await self._titles.listed(query.region or CITY, query.year, request)
