"""Pieces of work in the calendar: a round and a session that move, and an event with few seats."""

import asyncio
import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.faults.ground import Ground
from tests.faults.people import ANNA, OFFICE, REGIONS


async def appointments(ground: Ground, chance: random.Random) -> None:
    """A round and a session, both of which move; some are cancelled."""
    pot = ground.pot("rounds", chance).id
    opens_on = ground.calendar.today + timedelta(days=chance.randrange(40, 90))
    name = f"Runde {uuid.uuid4().hex}"
    planned = await ground.caller.ask(
        OFFICE, "funds.RoundService/PlanRound", ("funds", "rounds", {"name": name}), budget_id=pot,
        name=name, opens_on=opens_on.isoformat(), closes_on=(opens_on + timedelta(days=20)).isoformat(),
    )  # fmt: skip
    starts_at = datetime.combine(opens_on, datetime.min.time(), UTC) + timedelta(days=30, hours=18)
    title = f"Sitzung {uuid.uuid4().hex}"
    session = await ground.caller.ask(
        OFFICE, "funds.SessionService/PlanSession", ("funds", "sessions", {"title": title}), jury_id=ground.empty_jury.id,
        budget_id=pot, title=title, place="Rathaus", **_hours(starts_at),
    )  # fmt: skip
    id = session.session.id
    for days in range(1, 3):
        await ground.caller.ask(
            OFFICE, "funds.SessionService/MoveSession", session_id=id, place="Rathaus",
            **_hours(starts_at + timedelta(days=days)),
        )  # fmt: skip
    if chance.random() < 0.3:
        await ground.caller.ask(OFFICE, "funds.SessionService/CancelSession", session_id=id, reason="Krank")
        await ground.caller.ask(OFFICE, "funds.RoundService/CancelRound", round_id=planned.round.id, reason="Kein Geld")


async def guests(ground: Ground, chance: random.Random) -> None:
    """A calendar event with two seats, and three who want one."""
    title = f"Konzert {uuid.uuid4().hex}"
    starts_at = datetime.combine(ground.calendar.today, datetime.min.time(), UTC) + timedelta(days=200, hours=17)
    drafted = await ground.caller.ask(
        OFFICE, "events.CalendarEventService/DraftCalendarEvent", ("events", "calendar_events", {"title": title}),
        region=REGIONS[0], organiser_id=ground.organiser, kind="EVENT_KIND_FESTIVAL", title=title,
        place={"name": "Hof", "street": "Weitlingstraße", "postal_code": "10317", "city": "Berlin"},
        registration="REGISTRATION_MODE_PER_DATE", capacity=2, **_hours(starts_at),
    )  # fmt: skip
    id = drafted.calendar_event.id
    await ground.caller.ask(OFFICE, "events.CalendarEventService/PublishCalendarEvent", event_id=id)
    await asyncio.gather(*(_guest(ground, id) for _ in range(3)))


async def _guest(ground: Ground, event: str) -> None:
    await ground.caller.ask(
        ANNA, "events.RegistrationService/Register", event_id=event, name="Gast",
        email=f"{uuid.uuid4().hex}@guests.example", seats=1,
    )  # fmt: skip


def _hours(starts_at: datetime) -> dict[str, Any]:
    return {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=2)).isoformat()}
