"""Knowing who invites: actors' names, and the calendar events that bear them."""

from chassis.ports import Transaction
from services.events.domain.facts import change
from services.events.domain.known_actor import KnownActor
from services.events.usecases.ports import CalendarEvents, KnownActors

ORGANISER_NAMED = "organiser_named"
BATCH = 50


class OrganiserUseCases:
    def __init__(self, events: CalendarEvents, actors: KnownActors) -> None:
        self._events, self._actors = events, actors

    async def know_actor(self, tx: Transaction, actor: KnownActor) -> None:
        known = await self._actors.find(actor.id, tx)
        if known == actor:
            return
        await self._actors.put(tx, actor)
        tx.set_timer(actor.id, ORGANISER_NAMED, tx.at)

    async def name_organiser(self, tx: Transaction, actor_id: str) -> None:
        """Give an organiser's present name to what it invites to, a batch at a time; the past keeps its names."""
        actor = await self._actors.get(actor_id, tx)
        batch = await self._events.misnaming(actor.id, actor.name, tx.at, BATCH, tx)
        for before in batch:
            after = before.name_organiser(actor.name, tx.at)
            await self._events.save(tx, after, *change(before, after))
        if len(batch) == BATCH:
            tx.set_timer(actor.id, ORGANISER_NAMED, tx.at)
