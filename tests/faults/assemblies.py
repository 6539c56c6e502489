"""A piece of work: an assembly (Kiezkassenversammlung) decides by hands that are counted, some of them wrongly."""

import random
import uuid
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from typing import Any

from tests.faults.checker import HANDS
from tests.faults.grants import admitted
from tests.faults.ground import Ground, Pot
from tests.faults.people import OFFICE
from tests.faults.sitting import Sitting

EVENING = clock_time(18, tzinfo=UTC)
PEOPLE = 20
Hands = dict[str, Any]


async def assembly(ground: Ground, chance: random.Random) -> None:
    """Two applications, an assembly with its host, motions, counts, conclusions, corrections, minutes."""
    pot = ground.pot("assembly", chance)
    starts_on = ground.calendar.today + timedelta(days=60)
    asked = dict([await admitted(ground, pot, chance, starts_on) for _ in range(2)])
    async with ground.calendar.within(2) as day:
        sitting = Sitting(ground, await _planned(ground, pot, datetime.combine(day, EVENING)), asked)
        await sitting.act("ScheduleApplications", application_ids=list(asked))
        await ground.calendar.reach(day)
        await sitting.act("OpenAssembly", attended=PEOPLE - 1)
        await sitting.act("RecordHeadcount", attended=PEOPLE)
        corrected_late = [application for application in asked if await _decide(sitting, application, chance)]
    await sitting.act("CloseSession")
    for application in corrected_late:
        await _mend(sitting, application, chance)
    await sitting.minute()


async def _planned(ground: Ground, pot: Pot, starts_at: datetime) -> str:
    title = f"Versammlung {uuid.uuid4().hex}"
    answer = await ground.caller.ask(
        OFFICE, "funds.SessionService/PlanAssembly", ("funds", "sessions", {"title": title}), budget_id=pot.id,
        title=title, place="Aula", starts_at=starts_at.isoformat(),
        ends_at=(starts_at + timedelta(hours=2)).isoformat(), host_name="Kim Beispiel",
        host_email=f"{uuid.uuid4().hex}@hosts.example",
    )  # fmt: skip
    return str(answer.session.id)


async def _decide(sitting: Sitting, application: str, chance: random.Random) -> bool:
    """Move, count and conclude; whether the count is to be corrected once the session is closed."""
    cents = sitting.asked[application]
    sitting.moved[application] = chance.choice((cents, cents // 2))
    await sitting.act("PutMotion", application_id=application, amount_cents=sitting.moved[application])
    hands = _hands(chance)
    sitting.hands[application] = hands
    counted = {"session_id": sitting.id, "application_id": application, "first": tuple(hands.values())}
    await sitting.act("CountHands", ("funds", HANDS, counted), application_id=application, **hands)
    when = chance.choice(("at once", "late", "never"))
    if when == "at once":
        await _correct(sitting, application, _confounded(hands, chance))
    outcome = None if when == "late" else sitting.outcome(application)
    await sitting.act("ConcludeItem", outcome, application_id=application)
    return when == "late"


async def _mend(sitting: Sitting, application: str, chance: random.Random) -> None:
    """Once the session is closed; sometimes the first count was right after all, which awards anew what was taken back."""
    first, wrong = sitting.hands[application], _confounded(sitting.hands[application], chance)
    counts = chance.choice(([wrong], [wrong, first]))
    for number, hands in enumerate(counts, 1):
        is_last = number == len(counts)
        corrected = await _correct(sitting, application, hands, is_last=is_last)
        await sitting.conclude_again(corrected, application, is_last=is_last)


async def _correct(sitting: Sitting, application: str, hands: Hands, *, is_last: bool = True) -> Any:
    sitting.hands[application] = hands
    corrected = {"session_id": sitting.id, "application_id": application, "now": tuple(hands.values())}
    return await sitting.act(
        "CorrectCount", ("funds", HANDS, corrected) if is_last else None, application_id=application,
        reason="verzählt", **hands,
    )  # fmt: skip


def _confounded(hands: Hands, chance: random.Random) -> Hands:
    """Another count than this one, which may turn the decision."""
    if chance.random() < 0.5:
        return {"yes": hands["yes"], "no": 0, "abstain": hands["no"]}
    return {"yes": hands["no"], "no": hands["yes"], "abstain": hands["abstain"] + 1}


def _hands(chance: random.Random) -> Hands:
    return {"yes": chance.randrange(5, 10), "no": chance.randrange(5, 10), "abstain": chance.randrange(2)}
