"""A whole round in a running service: from a pot to an open session, each step a call."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chassis.ports import Role, berlin_day, new_id
from tests.support.city import Started
from tests.support.funds import OFFICE, REGION, Pot, a_pot

JURY = Role("jury", regions=(REGION,))
APPLICANT = Role("applicant")
BY_OFFICE: dict[str, Any] = {"decision_body": "DECISION_BODY_OFFICE", "jury_size": 0, "quorum_percent": 0}
DECLARED = {
    "not_started": True,
    "not_funded_twice": True,
    "subsidy_notice_read": True,
    "privacy_notice_read": True,
}


@dataclass(slots=True)
class Round:
    """What one round of one pot is made of, and the calls on it. Members' `sub`s are their places in `subs`."""

    funds: Started
    pot: Pot
    round_id: str
    closes_at: datetime
    jury_id: str = ""
    session_id: str = ""
    session_at: datetime | None = None
    members: list[str] = field(default_factory=list)
    subs: list[str] = field(default_factory=list)

    async def apply(self, cents: int = 80_000, actor_id: str = "", sub: str = "", **form: Any) -> Any:
        """An application that was handed in; a private person's when no actor is named."""
        draft = await self.draft(cents, actor_id, sub, **form)
        return await self.submit(draft, actor_id, sub)

    async def draft(
        self, cents: int = 80_000, actor_id: str = "", sub: str = "", *, region: str = REGION, **form: Any
    ) -> Any:
        starts_on = self.closes_at.date() + timedelta(days=60)
        request = {
            "fund_id": self.pot.fund_id,
            "round_id": self.round_id,
            "region": region,
            "applicant_actor_id": actor_id,
            "form": a_form(starts_on, cents) | form,
        }
        answer = await self.funds.call(
            "ApplicationService/DraftApplication", request, _role(actor_id), sub=sub or "anna"
        )
        return answer.application

    async def submit(self, draft: Any, actor_id: str = "", sub: str = "", **more: Any) -> Any:
        request = {
            "application_id": draft.id,
            "contact_name": "Anna Beispiel",
            "contact_email": f"{draft.id[-12:]}@example.org",
        } | more
        answer = await self.funds.call(
            "ApplicationService/SubmitApplication", request, _role(actor_id), sub=sub or "anna"
        )
        return answer.application

    async def check(self, what: str, application: Any, **more: Any) -> Any:
        """AdmitApplication, RefuseApplication … by the office."""
        request = {"application_id": application.id, **more}
        return (await self.funds.call(f"ApplicationService/{what}", request, OFFICE, sub="office")).application

    async def read(self, application: Any) -> Any:
        request = {"application_id": application.id}
        return (await self.funds.call("ApplicationService/GetApplication", request, OFFICE)).application

    async def end(self) -> None:
        """The clock closes the round, unless it is over."""
        await self._reach(self.closes_at)

    async def seat(self, count: int, **more: Any) -> None:
        """A jury of so many, the first of whom is its chair; `more` goes to the last one."""
        jury = {"fund_id": self.pot.fund_id, "region": REGION, "name": "Bürgerjury Neu-Lichtenberg"}
        self.jury_id = (await self.funds.call("JuryService/CreateJury", jury, OFFICE)).jury.id
        today = berlin_day(await self.funds.now())
        for number in range(count):
            sub = f"member-{new_id()}"
            request = {
                "jury_id": self.jury_id,
                "name": f"Mitglied {number}",
                "email": f"{sub}@example.org",
                "seat": "SEAT_RESIDENT",
                "sub": sub,
                "is_chair": number == 0,
                "from_on": today.isoformat(),
                "until_on": (today + timedelta(days=700)).isoformat(),
            } | (more if number == count - 1 else {})
            answer = await self.funds.call("JuryService/SeatMember", request, OFFICE)
            self.members.append(answer.jury.members[-1].id)
            self.subs.append(sub)

    async def plan(self, **more: Any) -> Any:
        """A session three days after the end of the round, or from now."""
        begins = max(self.closes_at, await self.funds.now()) + timedelta(days=3)
        self.session_at = begins
        request = {
            "jury_id": self.jury_id,
            "budget_id": self.pot.budget_id,
            "round_id": self.round_id,
            "title": "Jurysitzung",
            "starts_at": begins.isoformat(),
            "ends_at": (begins + timedelta(hours=2)).isoformat(),
            "place": "Rathaus Lichtenberg",
        } | more
        session = (await self.funds.call("SessionService/PlanSession", request, OFFICE)).session
        self.session_id = session.id
        return session

    async def act(self, rpc: str, *roles: Role, sub: str = "office", **fields: Any) -> Any:
        """An rpc of SessionService on this session, by the office unless said otherwise."""
        request = {"session_id": self.session_id, **fields}
        return (await self.funds.call(f"SessionService/{rpc}", request, *(roles or (OFFICE,)), sub=sub)).session

    async def begin(self, *applications: Any, present: int = 0) -> Any:
        """Close the round, admit, schedule, invite and open with the first `present` members, or all."""
        await self.end()
        for application in applications:
            await self.check("AdmitApplication", application)
        if not self.session_id:
            await self.plan()
        await self.act("ScheduleApplications", application_ids=[application.id for application in applications])
        await self.act("InviteJury")
        assert self.session_at is not None
        await self._reach(self.session_at)
        there = self.members[: present or len(self.members)]
        return await self.act("OpenSession", present_member_ids=there)

    async def _reach(self, instant: datetime) -> None:
        await self.funds.move_clock(max(instant, await self.funds.now()))

    async def vote(self, application: Any, *choices: str, cents: int = 0, **motion: Any) -> Any:
        """Put a motion of `cents` (what was asked for) and have the first members vote: "yes", "no", "abstain", ""."""
        amount = cents or application.form.requested_cents
        session = await self.act("PutMotion", application_id=application.id, amount_cents=amount, **motion)
        for sub, choice in zip(self.subs, choices, strict=False):
            if choice:
                fields = {"application_id": application.id, "choice": f"CHOICE_{choice.upper()}"}
                session = await self.act("CastVote", JURY, sub=sub, **fields)
        return session

    async def conclude(self, application: Any, **more: Any) -> Any:
        return await self.act("ConcludeItem", application_id=application.id, **more)


async def a_call(funds: Started, *, days: int = 5, seats: int = 5, pot: Pot | None = None, **rules: Any) -> Round:
    """A round that takes applications today, and the jury that will decide."""
    pot = pot or await a_pot(funds, **rules)
    today = berlin_day(await funds.now())
    request = {
        "budget_id": pot.budget_id,
        "name": "Kiezfonds, first round",
        "opens_on": today.isoformat(),
        "closes_on": (today + timedelta(days=days)).isoformat(),
    }
    funding_round = (await funds.call("RoundService/PlanRound", request, OFFICE)).round
    call = Round(funds, pot, funding_round.id, funding_round.closes_at.ToDatetime(UTC))
    if seats:
        await call.seat(seats)
    return call


async def a_rolling_call(funds: Started, **pot: Any) -> Round:
    """A fund that takes applications at any time, and decides on them by its office."""
    return Round(funds, await a_pot(funds, rolling=True, **BY_OFFICE, **pot), "", await funds.now())


def a_form(starts_on: date, cents: int) -> dict[str, Any]:
    return {
        "title": "Nachbarschaftsfest",
        "description": "Ein Fest im Hof.",
        "goals": ["Nachbarn lernen sich kennen"],
        "place": "Weitlingstraße",
        "starts_on": starts_on.isoformat(),
        "ends_on": starts_on.isoformat(),
        "requested_cents": cents,
        "costs": [{"description": "Zelt", "amount_cents": cents}],
        "declarations": DECLARED,
    }


async def a_known_actor(funds: Started, kind: str = "association", **more: Any) -> str:
    """An actor that funds has heard of."""
    state = {"id": new_id(), "region": REGION, "name": "Kiezgarten e. V.", "kind": kind, "status": "active"} | more
    await funds.knows(*await funds.city.say("actors", "actor_registered", state))
    return str(state["id"])


async def related(funds: Started, kind: str, from_id: str, to_id: str) -> None:
    """A relation that funds has heard of, from a year ago on."""
    state = {
        "id": new_id(),
        "region": REGION,
        "kind": kind,
        "from_actor_id": from_id,
        "to_actor_id": to_id,
        "from_day": berlin_day(await funds.now()) - timedelta(days=365),
    }
    await funds.knows(*await funds.city.say("actors", "relation_started", state))


def _role(actor_id: str) -> Role:
    return Role("applicant", actors=(actor_id,)) if actor_id else APPLICANT
