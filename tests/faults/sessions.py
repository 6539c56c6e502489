"""A piece of work: a jury decides, in a meeting or in writing, from the invitation to its minutes."""

import asyncio
import random
import time
import uuid
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from typing import Any

from kiezwerk.funds.v1.session_pb2 import SESSION_STATUS_CLOSED
from tests.faults.chair import correct_a_vote, enter_vote, recuse_by_mistake
from tests.faults.checker import VOTES
from tests.faults.grants import admitted
from tests.faults.ground import Ground, Jury, Member, Pot
from tests.faults.people import OFFICE
from tests.faults.sitting import Sitting

CHOICES = ("yes", "yes", "no", "abstain")
EVENING = clock_time(18, tzinfo=UTC)
COUNTED_SECONDS = 120.0


async def session(ground: Ground, chance: random.Random) -> None:
    """Applications, a jury called together, recusals, motions, votes, conclusions, corrections, minutes."""
    pot, in_writing = ground.pot("jury", chance), chance.random() < 0.4
    starts_on = ground.calendar.today + timedelta(days=60)
    asked = dict([await admitted(ground, pot, chance, starts_on) for _ in range(chance.randrange(2, 4))])
    mistaken = chance.choice([*asked, ""])
    # Nobody else may need a later day before the votes are cast.
    async with ground.calendar.within(2) as day:
        id = await planned(ground, pot, ground.jury, datetime.combine(day, EVENING), in_writing=in_writing)
        sitting = Sitting(ground, id, asked, ground.jury.members)
        await sitting.act("ScheduleApplications", application_ids=list(asked))
        await sitting.act("InviteJury")
        await ground.calendar.reach(day)
        await _decide(sitting, chance, mistaken, in_writing=in_writing)
    if in_writing:
        await ground.calendar.reach(day + timedelta(days=1))
        await _counted(sitting)
    else:
        await sitting.act("CloseSession")
    if mistaken:
        await sitting.conclude_again(await correct_a_vote(sitting, mistaken, chance), mistaken)
    await sitting.minute()


async def planned(
    ground: Ground, pot: Pot, jury: Jury, starts_at: datetime, *, in_writing: bool = False, round_id: str = ""
) -> str:
    """For two hours, or in writing until the end of that day."""
    title = f"Sitzung {uuid.uuid4().hex}"
    kind: dict[str, Any] = {"votes_until": starts_at.date().isoformat()}
    if not in_writing:
        kind = {"place": "Rathaus", "ends_at": (starts_at + timedelta(hours=2)).isoformat()}
    rpc = "PlanWrittenProcedure" if in_writing else "PlanSession"
    answer = await ground.caller.ask(
        OFFICE, f"funds.SessionService/{rpc}", ("funds", "sessions", {"title": title}), jury_id=jury.id,
        budget_id=pot.id, round_id=round_id, title=title, starts_at=starts_at.isoformat(), **kind,
    )  # fmt: skip
    return str(answer.session.id)


async def _decide(sitting: Sitting, chance: random.Random, mistaken: str, *, in_writing: bool) -> None:
    """Open, vote on each item, and conclude it where no clock does; what is `mistaken` is not yet as it must be."""
    if in_writing:
        await sitting.act("OpenWrittenProcedure")
    else:
        await open_with_all(sitting)
    for application in sitting.asked:
        if chance.random() < 0.3:
            await _recuse(sitting, application, chance.choice(sitting.members))
        if chance.random() < 0.3:
            await recuse_by_mistake(sitting, application, chance.choice(sitting.voters(application)))
        await vote(sitting, application, chance)
        if application != mistaken and chance.random() < 0.3:
            await correct_a_vote(sitting, application, chance)
        if not in_writing:
            outcome = None if application == mistaken else sitting.outcome(application)
            await sitting.act("ConcludeItem", outcome, application_id=application)


async def open_with_all(sitting: Sitting) -> None:
    await sitting.act("OpenSession", present_member_ids=[member.id for member in sitting.members])


async def _recuse(sitting: Sitting, application: str, member: Member) -> None:
    sitting.recused[application] = member
    await sitting.act("DeclareRecusal", by=member.person, application_id=application, reason="Nachbar")


async def vote(sitting: Sitting, application: str, chance: random.Random) -> None:
    """On all that is asked for or half of it: all who may at once, some of them twice, some by word of mouth."""
    cents = sitting.asked[application]
    sitting.moved[application] = chance.choice((cents, cents // 2))
    await sitting.act("PutMotion", application_id=application, amount_cents=sitting.moved[application])
    voters = sitting.voters(application)
    sitting.votes[application] = {member.id: chance.choice(CHOICES) for member in voters}
    ways = [chance.choice((_cast, _cast, _change, enter_vote)) for _ in voters]
    await asyncio.gather(*(way(sitting, application, member) for way, member in zip(ways, voters, strict=True)))


async def _change(sitting: Sitting, application: str, member: Member) -> None:
    """Vote, and vote again."""
    other = "CHOICE_ABSTAIN" if sitting.votes[application][member.id] != "abstain" else "CHOICE_YES"
    await sitting.act("CastVote", by=member.person, application_id=application, choice=other)
    await _cast(sitting, application, member)


async def _cast(sitting: Sitting, application: str, member: Member) -> None:
    choice = sitting.votes[application][member.id]
    cast = {"session_id": sitting.id, "application_id": application, "member_id": member.id, "cast": choice}
    await sitting.act(
        "CastVote", ("funds", VOTES, cast), by=member.person, application_id=application,
        choice=f"CHOICE_{choice.upper()}",
    )  # fmt: skip


async def _counted(sitting: Sitting) -> None:
    """Wait until the clock has counted what was voted on in writing."""
    deadline = time.monotonic() + COUNTED_SECONDS
    while (await sitting.act("GetSession")).session.status != SESSION_STATUS_CLOSED:
        assert time.monotonic() < deadline, f"the clock did not count {sitting.id}"
        await asyncio.sleep(0.2)
