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
}
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


@dataclass
class Ground:
    """Made by `lay`. `year` is that of the pots; a new year of the calendar brings new ones (`keep_up`)."""

    caller: Caller
    calendar: Calendar
    organiser: str = ""
    year: int = 0
    funds: dict[str, str] = field(default_factory=dict)
    pots: dict[str, list[Pot]] = field(default_factory=dict)
    empty_jury: str = ""
    jury: str = ""
    members: list[Member] = field(default_factory=list)
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
        self.empty_jury = await self._jury("rounds")
        self.jury = await self._jury("jury")
        for number in range(JURY_RULES["jury_size"]):  # type: ignore[call-overload]  # the one number among them
            self.members.append(await self._member(is_chair=number == 0))

    async def keep_up(self) -> None:
        """Plan the pots of a year that has begun."""
        async with self._planning:
            if self.calendar.today.year > self.year:
                await self._plan(self.calendar.today.year)

    def pot(self, kind: str, chance: random.Random) -> Pot:
        return chance.choice(self.pots[kind])

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
        self.year = year

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

    async def _jury(self, kind: str) -> str:
        made = await self.caller.ask(
            OFFICE, "funds.JuryService/CreateJury", fund_id=self.funds[kind], region=REGIONS[0], name="Bürgerjury"
        )
        return str(made.jury.id)

    async def _member(self, *, is_chair: bool) -> Member:
        person, today = a_member(f"member-{uuid.uuid4().hex}"), self.calendar.today
        seated = await self.caller.ask(
            OFFICE, "funds.JuryService/SeatMember", jury_id=self.jury, name="Kim Beispiel", sub=person.sub,
            email=f"{person.sub}@jury.example", seat="SEAT_RESIDENT", is_chair=is_chair,
            from_on=today.isoformat(), until_on=(today + TERM).isoformat(),
        )  # fmt: skip
        return Member(next(member.id for member in seated.jury.members if member.sub == person.sub), person)
