"""A piece of work: a jury decides, in a meeting or in writing, from the invitation to its minutes."""

import asyncio
import random
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import Any

from kiezwerk.funds.v1.session_pb2 import SESSION_STATUS_CLOSED
from tests.faults.checker import VOTES
from tests.faults.grants import admitted, agree, pay
from tests.faults.ground import Ground, Member, Pot
from tests.faults.people import OFFICE

CHOICES = ("yes", "yes", "no", "abstain")
EVENING = clock_time(18, tzinfo=UTC)
COUNTED_SECONDS = 120.0


@dataclass
class Sitting:
    """A session as it is played: `asked` has the cents of each application, `recused` who may not vote on it.

    `carried` has the cents of each motion that got its majority.
    """

    ground: Ground
    id: str
    asked: Mapping[str, int]
    recused: dict[str, Member] = field(default_factory=dict)
    carried: dict[str, int] = field(default_factory=dict)

    async def act(self, rpc: str, one: Any = None, *, by: Any = OFFICE, **fields: Any) -> Any:
        return await self.ground.caller.ask(by, f"funds.SessionService/{rpc}", one, session_id=self.id, **fields)


async def session(ground: Ground, chance: random.Random) -> None:
    """Applications, a jury called together, recusals, motions, votes, conclusions, minutes."""
    pot, in_writing = ground.pot("jury", chance), chance.random() < 0.4
    starts_on = ground.calendar.today + timedelta(days=60)
    asked = dict([await admitted(ground, pot, chance, starts_on) for _ in range(chance.randrange(2, 4))])
    # Nobody else may need a later day before the votes are cast.
    async with ground.calendar.within(2) as day:
        sitting = Sitting(ground, await _planned(ground, pot, day, in_writing=in_writing), asked)
        await sitting.act("ScheduleApplications", application_ids=list(asked))
        await sitting.act("InviteJury")
        await ground.calendar.reach(day)
        await _decide(sitting, chance, in_writing=in_writing)
    if in_writing:
        await ground.calendar.reach(day + timedelta(days=1))
        await _counted(sitting)
    else:
        await sitting.act("CloseSession")
    minutes = ("funds", "sessions", {"_id": sitting.id, "status": "minutes_approved"})
    await sitting.act("ApproveMinutes", minutes)
    await _pay_one(sitting)


async def _planned(ground: Ground, pot: Pot, day: date, *, in_writing: bool) -> str:
    """On this evening, or until the end of this day."""
    title = f"Sitzung {uuid.uuid4().hex}"
    starts_at = datetime.combine(day, EVENING)
    kind: dict[str, Any] = {"votes_until": day.isoformat()}
    if not in_writing:
        kind = {"place": "Rathaus", "ends_at": (starts_at + timedelta(hours=2)).isoformat()}
    rpc = "PlanWrittenProcedure" if in_writing else "PlanSession"
    planned = await ground.caller.ask(
        OFFICE, f"funds.SessionService/{rpc}", ("funds", "sessions", {"title": title}), jury_id=ground.jury,
        budget_id=pot.id, title=title, starts_at=starts_at.isoformat(), **kind,
    )  # fmt: skip
    return str(planned.session.id)


async def _decide(sitting: Sitting, chance: random.Random, *, in_writing: bool) -> None:
    """Open, vote on each item, and conclude it where no clock does."""
    if in_writing:
        await sitting.act("OpenWrittenProcedure")
    else:
        await sitting.act("OpenSession", present_member_ids=[member.id for member in sitting.ground.members])
    for application, cents in sitting.asked.items():
        if chance.random() < 0.3:
            await _recuse(sitting, application, chance.choice(sitting.ground.members))
        amount = chance.choice((cents, cents // 2))
        await sitting.act("PutMotion", application_id=application, amount_cents=amount)
        if await _vote(sitting, application, chance):
            sitting.carried[application] = amount
        if not in_writing:
            await sitting.act("ConcludeItem", _outcome(sitting, application), application_id=application)


async def _recuse(sitting: Sitting, application: str, member: Member) -> None:
    sitting.recused[application] = member
    await sitting.act("DeclareRecusal", by=member.person, application_id=application, reason="Nachbar")


async def _vote(sitting: Sitting, application: str, chance: random.Random) -> bool:
    """All who may vote at once, some of them twice; whether there is a majority."""
    voters = [member for member in sitting.ground.members if member is not sitting.recused.get(application)]
    choices = [chance.choice(CHOICES) for _ in voters]
    changes = [chance.random() < 0.3 for _ in voters]
    await asyncio.gather(*(_cast(sitting, application, *vote) for vote in zip(voters, choices, changes, strict=True)))
    return choices.count("yes") > choices.count("no")


async def _cast(sitting: Sitting, application: str, member: Member, choice: str, changes: bool) -> None:
    if changes:
        other = "CHOICE_ABSTAIN" if choice != "abstain" else "CHOICE_YES"
        await sitting.act("CastVote", by=member.person, application_id=application, choice=other)
    vote = {"session_id": sitting.id, "application_id": application, "member_id": member.id, "choice": choice}
    await sitting.act(
        "CastVote", ("funds", VOTES, vote), by=member.person, application_id=application,
        choice=f"CHOICE_{choice.upper()}",
    )  # fmt: skip


def _outcome(sitting: Sitting, application: str) -> tuple[str, str, dict[str, Any]]:
    """What must be there once the item is concluded."""
    if application in sitting.carried:
        cents = sitting.carried[application]
        return ("funds", "grants", {"application_id": application, "approved_cents": cents})
    return ("funds", "applications", {"_id": application, "status": "declined"})


async def _counted(sitting: Sitting) -> None:
    """Wait until the clock has counted what was voted on in writing."""
    deadline = time.monotonic() + COUNTED_SECONDS
    while (await sitting.act("GetSession")).session.status != SESSION_STATUS_CLOSED:
        assert time.monotonic() < deadline, f"the clock did not count {sitting.id}"
        await asyncio.sleep(0.2)


async def _pay_one(sitting: Sitting) -> None:
    """Agree on the first grant of the session, if there is one, and pay it."""
    agenda = (await sitting.act("GetSession")).session.agenda
    item = next((item for item in agenda if item.grant_id), None)
    if item:
        await agree(sitting.ground, item.grant_id)
        await pay(sitting.ground, item.grant_id, item.approved_cents)
