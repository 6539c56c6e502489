"""A piece of work: a round (Antragsrunde) from its first day to its publication, and what goes on beside it."""

import random
import uuid
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time

from tests.faults.grants import draft, submit
from tests.faults.ground import Ground, Jury, Pot
from tests.faults.people import OFFICE
from tests.faults.sessions import open_with_all, planned, vote
from tests.faults.sitting import Sitting

EVENING, NIGHT = clock_time(18, tzinfo=UTC), clock_time(20, tzinfo=UTC)


@dataclass(frozen=True)
class Call:
    """A round as it is played: `asked` has the cents of what came in time, `late` is who did not."""

    ground: Ground
    pot: Pot
    jury: Jury
    id: str
    asked: dict[str, int]
    late: str


async def funding_round(ground: Ground, chance: random.Random) -> None:
    """Applications, one of them late; a jury that decides on all but one, the publication, a session for that one."""
    pot, jury = await ground.a_round_apart()
    async with AsyncExitStack() as until_decided:
        async with AsyncExitStack() as until_closed:
            async with ground.calendar.within(0) as today:
                closes_on = await until_closed.enter_async_context(ground.calendar.within(1))
                day = await until_decided.enter_async_context(ground.calendar.within(2))
            call = await _called(ground, pot, jury, today, closes_on, chance)
        sitting = await _invited(call, datetime.combine(day, EVENING), call.asked, call.id)
        await ground.calendar.reach(day)
        await submit(ground, call.late)
        put_off, following = await _decide(sitting, call, datetime.combine(day, NIGHT), chance)
        await _publish(call)
        await following.act("InviteJury")
        await open_with_all(following)
        await _conclude(following, put_off, chance)
    await following.act("CloseSession")
    await following.minute()


async def _called(ground: Ground, pot: Pot, jury: Jury, opens_on: date, closes_on: date, chance: random.Random) -> Call:
    """A round of two days, another a month later, and three applications, one of which is still a draft."""
    id = await _planned(ground, pot, opens_on, closes_on)
    later = opens_on + timedelta(days=30)
    await _planned(ground, pot, later, later + timedelta(days=20))
    starts_on = opens_on + timedelta(days=60)
    drafts = [await draft(ground, pot, chance, starts_on, id) for _ in range(3)]
    for application, _ in drafts[:2]:
        await submit(ground, application)
        await ground.caller.ask(OFFICE, "funds.ApplicationService/AdmitApplication", application_id=application)
    return Call(ground, pot, jury, id, dict(drafts[:2]), drafts[2][0])


async def _planned(ground: Ground, pot: Pot, opens_on: date, closes_on: date) -> str:
    name = f"Runde {uuid.uuid4().hex}"
    answer = await ground.caller.ask(
        OFFICE, "funds.RoundService/PlanRound", ("funds", "rounds", {"name": name}), budget_id=pot.id, name=name,
        opens_on=opens_on.isoformat(), closes_on=closes_on.isoformat(),
    )  # fmt: skip
    return str(answer.round.id)


async def _invited(call: Call, starts_at: datetime, asked: dict[str, int], round_id: str) -> Sitting:
    id = await planned(call.ground, call.pot, call.jury, starts_at, round_id=round_id)
    sitting = Sitting(call.ground, id, asked, call.jury.members)
    await sitting.act("ScheduleApplications", application_ids=list(asked))
    await sitting.act("InviteJury")
    return sitting


async def _decide(sitting: Sitting, call: Call, later: datetime, chance: random.Random) -> tuple[str, Sitting]:
    """On one application; what is put off, and the session on whose agenda it stands then, planned before or after."""
    one, put_off = chance.sample(sorted(call.asked), 2)
    await open_with_all(sitting)
    await _conclude(sitting, one, chance)
    following = ""
    if chance.random() < 0.5:
        following = await planned(call.ground, call.pot, call.jury, later)
    await sitting.act("DeferItem", by=sitting.chair(put_off), application_id=put_off, reason="Es fehlt noch etwas")
    if not following:
        following = await planned(call.ground, call.pot, call.jury, later)
    await sitting.act("CloseSession")
    await sitting.minute()
    asked = {put_off: call.asked[put_off]}
    return put_off, Sitting(call.ground, following, asked, call.jury.members)


async def _conclude(sitting: Sitting, application: str, chance: random.Random) -> None:
    await vote(sitting, application, chance)
    await sitting.act("ConcludeItem", sitting.outcome(application), application_id=application)


async def _publish(call: Call) -> None:
    for rpc, status in (("ConcludeRound", None), ("PublishRound", "published")):
        told = ("funds", "rounds", {"_id": call.id, "status": status}) if status else None
        await call.ground.caller.ask(OFFICE, f"funds.RoundService/{rpc}", told, round_id=call.id)
