"""What events hears from other services, and what it does about it."""

from datetime import timedelta

from chassis.envelope import Meta
from chassis.inbox import Stream, heard_from, know, react
from chassis.ports import Transaction, end_of_day
from services.events.domain.calendar_event import Source
from services.events.domain.known_actor import KnownActor
from services.events.domain.place import Place
from services.events.domain.terms import EventKind
from services.events.messages.consumed.actors import ActorRegistered, ActorUpdated
from services.events.messages.consumed.funds import (
    RoundCancelled,
    RoundClosed,
    RoundOpened,
    RoundPlanned,
    RoundRescheduled,
    RoundState,
    SessionCancelled,
    SessionMoved,
    SessionPlanned,
    SessionState,
)
from services.events.usecases import UseCases
from services.events.usecases.source_entry import SourceEntry

RoundMessage = RoundPlanned | RoundRescheduled | RoundOpened | RoundClosed | RoundCancelled
SessionMessage = SessionPlanned | SessionMoved | SessionCancelled
LONGEST_PLACE = 200


def subscribers(do: UseCases) -> tuple[Stream, ...]:
    async def on_actor(tx: Transaction, message: ActorRegistered | ActorUpdated, meta: Meta) -> None:
        await do.organisers.know_actor(tx, KnownActor(message.state.id, message.state.public_name))

    async def on_round(tx: Transaction, message: RoundMessage, meta: Meta) -> None:
        await do.source_entries.follow_source(tx, _deadline(message.state))

    async def on_session(tx: Transaction, message: SessionMessage, meta: Meta) -> None:
        await do.source_entries.follow_source(tx, _session(message.state))

    return (
        heard_from("ACTORS", know(ActorRegistered, on_actor), know(ActorUpdated, on_actor)),
        heard_from(
            "FUNDS",
            react(RoundPlanned, on_round),
            react(RoundRescheduled, on_round),
            react(RoundOpened, on_round),
            react(RoundClosed, on_round),
            react(RoundCancelled, on_round),
            react(SessionPlanned, on_session),
            react(SessionMoved, on_session),
            react(SessionCancelled, on_session),
        ),
    )


def _deadline(state: RoundState) -> SourceEntry:
    """A deadline ends at 24:00, so people read it as the whole of that day."""
    return SourceEntry(
        source=Source("funds", "funding_round", state.id),
        region=state.region,
        kind=EventKind.DEADLINE,
        title=f"Antragsschluss {state.fund_name}",
        description=f"{state.name}: Anträge werden bis 24 Uhr angenommen.",
        starts_at=end_of_day(state.closes_on - timedelta(days=1)),
        ends_at=end_of_day(state.closes_on),
        all_day=True,
        cancelled=state.status == "cancelled",
    )


def _session(state: SessionState) -> SourceEntry:
    return SourceEntry(
        source=Source("funds", "jury_session", state.id),
        region=state.region,
        kind=EventKind.JURY_SESSION,
        title=f"Jurysitzung {state.fund_name}",
        description=state.title,
        starts_at=state.starts_at,
        ends_at=state.ends_at,
        place=Place(state.place.strip()[:LONGEST_PLACE], city="") if state.place.strip() else None,
        cancelled=state.status == "cancelled",
    )
