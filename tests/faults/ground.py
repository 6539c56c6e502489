"""What the pieces of the workload stand on: funds of each kind, their pots of the year, juries, an organiser."""

import asyncio
import random
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.faults.calendar_clock import Calendar
from tests.faults.caller import Caller, Person
from tests.faults.people import OFFICE, REGIONS, a_member

JURY_RULES = {"decision_body": "DECISION_BODY_JURY", "jury_size": 5, "quorum_percent": 50}
OFFICE_RULES = {"decision_body": "DECISION_BODY_OFFICE", "rolling": True}
# A fund of each, and where it gives.
FUNDS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "advance": (OFFICE_RULES | {"payout": "PAYOUT_ADVANCE"}, REGIONS),
    "costs": (OFFICE_RULES | {"payout": "PAYOUT_REIMBURSEMENT"}, REGIONS),
    "rounds": (JURY_RULES, REGIONS[:1]),
    "jury": (
        JURY_RULES | {"rolling": True, "written_procedure_allowed": True, "payout": "PAYOUT_ADVANCE"},
        REGIONS[:1],
    ),
    "assembly": (
        {"decision_body": "DECISION_BODY_ASSEMBLY", "rolling": True, "quorum_count": 10, "payout": "PAYOUT_ADVANCE"},
        REGIONS[:1],
    ),
}
# Of a fund that is made for one round alone.
ROUND_RULES = JURY_RULES | {"late": "LATE_APPLICATIONS_NEXT_ROUND", "payout": "PAYOUT_ADVANCE"}
TERM = timedelta(days=365 * 100)


@dataclass(frozen=True)
class Pot:
    """The money of a fund for a region and a year; `id` is the budget's."""

    fund: str
    region: str
    id: str


@dataclass(frozen=True)
class Member:
    """Somebody with a seat."""

    id: str
    person: Person


@dataclass(frozen=True)
class Jury:
    """A jury with those who sit in it, its chair first."""

    id: str
    members: tuple[Member, ...] = ()


@dataclass
class Ground:
    """Made by `lay`. `year` is that of the pots and their title; a new year of the calendar brings new ones (`keep_up`)."""

    caller: Caller
    calendar: Calendar
    organiser: str = ""
    year: int = 0
    title: str = ""
    funds: dict[str, str] = field(default_factory=dict)
    pots: dict[str, list[Pot]] = field(default_factory=dict)
    empty_jury: Jury = Jury("")
    jury: Jury = Jury("")
    _planning: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def lay(self) -> None:
        """Make all of it, while nothing is wrong yet."""
        profile = {
            "region": "11", "kind": "ACTOR_KIND_ASSOCIATION", "name": f"Verein {uuid.uuid4().hex[:8]}",
            "is_public": True,
        }  # fmt: skip
        registered = await self.caller.ask(
            OFFICE, "actors.ActorService/RegisterActor", profile=profile, activate=True, accept_duplicates=True
        )
        self.organiser = registered.actor.id
        for kind, (rules, _) in FUNDS.items():
            self.funds[kind] = await self._fund(rules)
        await self._plan(self.calendar.today.year + 1)
        self.empty_jury = await self._jury(self.funds["rounds"], 0)
        self.jury = await self._jury(self.funds["jury"], 5)

    async def keep_up(self) -> None:
        """Plan the pots of a year that has begun."""
        async with self._planning:
            if self.calendar.today.year > self.year:
                await self._plan(self.calendar.today.year)

    def pot(self, kind: str, chance: random.Random) -> Pot:
        return chance.choice(self.pots[kind])

    async def a_round_apart(self) -> tuple[Pot, Jury]:
        """A fund that nobody else works on, for what is put off lands on whichever session of its fund comes next."""
        fund = await self._fund(ROUND_RULES)
        return await self._pot(fund, self.title, REGIONS[0], self.year), await self._jury(fund, 3)

    async def _fund(self, rules: dict[str, Any]) -> str:
        made = await self.caller.ask(
            OFFICE, "funds.FundService/CreateFund", region="11", kind="FUND_KIND_KIEZFONDS",
            name=f"Kiezfonds {uuid.uuid4().hex[:8]}", office_actor_id=self.organiser,
            rules={"cap_cents": 1_000_000, "four_eyes": True} | rules,
        )  # fmt: skip
        return str(made.fund.id)

    async def _plan(self, year: int) -> None:
        title = await self._title(year)
        self.pots = {
            kind: [await self._pot(self.funds[kind], title, region, year) for region in regions]
            for kind, (_, regions) in FUNDS.items()
        }
        self.title, self.year = title, year

    async def _title(self, year: int) -> str:
        number = str(uuid.uuid4().int)[:9]
        years = [{"year": year, "total_cents": 10**11}]
        made = await self.caller.ask(
            OFFICE, "funds.TitleService/PlanTitle", region="11", chapter="3320", number=number, name="Zuschüsse", years=years
        )  # fmt: skip
        return str(made.title.id)

    async def _pot(self, fund: str, title: str, region: str, year: int) -> Pot:
        made = await self.caller.ask(
            OFFICE, "funds.BudgetService/PlanBudget", fund_id=fund, title_id=title, region=region, year=year,
            planned_cents=10**9,
        )  # fmt: skip
        id = str(made.budget.id)
        await self.caller.ask(
            OFFICE, "funds.BudgetService/ReleaseBudget", budget_id=id, amount_cents=10**9, reason="Haushalt"
        )
        return Pot(fund, region, id)

    async def _jury(self, fund: str, size: int) -> Jury:
        made = await self.caller.ask(
            OFFICE, "funds.JuryService/CreateJury", fund_id=fund, region=REGIONS[0], name="Bürgerjury"
        )
        id = str(made.jury.id)
        return Jury(id, tuple([await self._member(id, is_chair=number == 0) for number in range(size)]))

    async def _member(self, jury: str, *, is_chair: bool) -> Member:
        person, today = a_member(f"member-{uuid.uuid4().hex}"), self.calendar.today
        seated = await self.caller.ask(
            OFFICE, "funds.JuryService/SeatMember", jury_id=jury, name="Kim Beispiel", sub=person.sub,
            email=f"{person.sub}@jury.example", seat="SEAT_RESIDENT", is_chair=is_chair,
            from_on=today.isoformat(), until_on=(today + TERM).isoformat(),
        )  # fmt: skip
        return Member(next(member.id for member in seated.jury.members if member.sub == person.sub), person)
