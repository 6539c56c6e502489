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
        await sitting.conclude_again(await _correct(sitting, application, chance), application)
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
    _keep(sitting, application, hands)
    counted = {"session_id": sitting.id, "application_id": application, "first": tuple(hands.values())}
    await sitting.act("CountHands", ("funds", HANDS, counted), application_id=application, **hands)
    when = chance.choice(("at once", "late", "never"))
    if when == "at once":
        await _correct(sitting, application, chance)
    outcome = None if when == "late" else sitting.outcome(application)
    await sitting.act("ConcludeItem", outcome, application_id=application)
    return when == "late"


async def _correct(sitting: Sitting, application: str, chance: random.Random) -> Any:
    """The only correction of this count: two ways were confounded, which may turn it; the answer."""
    before = list(sitting.votes[application].values())
    hands: Hands = {"yes": before.count("no"), "no": before.count("yes"), "abstain": before.count("abstain") + 1}
    if chance.random() < 0.5:
        hands = {"yes": before.count("yes"), "no": 0, "abstain": before.count("no")}
    _keep(sitting, application, hands)
    corrected = {"session_id": sitting.id, "application_id": application, "now": tuple(hands.values())}
    return await sitting.act(
        "CorrectCount", ("funds", HANDS, corrected), application_id=application, reason="verzählt", **hands
    )


def _hands(chance: random.Random) -> Hands:
    return {"yes": chance.randrange(5, 10), "no": chance.randrange(5, 10), "abstain": chance.randrange(2)}


def _keep(sitting: Sitting, application: str, hands: Hands) -> None:
    said = [choice for choice, count in hands.items() for _ in range(count)]
    sitting.votes[application] = {f"hand {number}": choice for number, choice in enumerate(said)}
