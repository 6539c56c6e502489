"""Registering an actor: once, and not beside a record that means the same."""

from dataclasses import dataclass

from chassis.ports import Caller, Transaction, berlin_day, new_id
from services.actors.domain.actor import Actor
from services.actors.domain.duplicates import candidates
from services.actors.domain.facts import ActorRegistered
from services.actors.domain.profile import Profile
from services.actors.domain.refusals import PossibleDuplicate
from services.actors.domain.revision import Action
from services.actors.usecases.history import History
from services.actors.usecases.identifier import Identifiers
from services.actors.usecases.ports import Actors


@dataclass(frozen=True, slots=True)
class RegisterActor:
    profile: Profile
    activate: bool = False
    accept_duplicates: bool = False


class RegistrationUseCases:
    def __init__(self, actors: Actors, identifiers: Identifiers, history: History) -> None:
        self._actors, self._identifiers, self._history = actors, identifiers, history

    async def register_actor(self, tx: Transaction, command: RegisterActor, caller: Caller) -> Actor:
        profile = command.profile
        caller.require("coordinator", region=profile.region)
        actor = Actor.register(new_id(), profile, berlin_day(tx.at), activate=command.activate)
        await self._identifiers.replace(tx, actor.id, (), profile.identifiers)
        if not command.accept_duplicates:
            await self._refuse_similar(tx, profile)
        await self._history.of_actor(tx, Action.REGISTERED, None, actor, caller)
        return await self._actors.add(tx, actor, ActorRegistered(actor))

    async def _refuse_similar(self, tx: Transaction, profile: Profile) -> None:
        found = candidates(profile.name, await self._actors.neighbours(profile.region, tx))
        if found:
            raise PossibleDuplicate(found)
