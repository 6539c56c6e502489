"""The life of an actor's record after it was registered."""

from dataclasses import dataclass, replace

from chassis.fields import Id, Line, OptionalLine
from chassis.ports import Caller, Transaction, berlin_day
from services.actors.domain.actor import Actor
from services.actors.domain.facts import ActorArchived, ActorRestored, ActorUpdated, ActorVerified
from services.actors.domain.profile import Profile
from services.actors.domain.revision import Action, differences
from services.actors.usecases.history import History
from services.actors.usecases.identifier import Identifiers
from services.actors.usecases.ports import Actors


@dataclass(frozen=True, slots=True)
class UpdateActor:
    actor_id: Id
    profile: Profile
    etag: OptionalLine = ""


@dataclass(frozen=True, slots=True)
class ActivateActor:
    actor_id: Id
    etag: OptionalLine = ""


@dataclass(frozen=True, slots=True)
class VerifyActor:
    actor_id: Id
    etag: OptionalLine = ""


@dataclass(frozen=True, slots=True)
class ArchiveActor:
    actor_id: Id
    reason: Line
    etag: OptionalLine = ""


@dataclass(frozen=True, slots=True)
class RestoreActor:
    actor_id: Id
    reason: Line
    etag: OptionalLine = ""


class ActorUseCases:
    def __init__(self, actors: Actors, identifiers: Identifiers, history: History) -> None:
        self._actors, self._identifiers, self._history = actors, identifiers, history

    async def update_actor(self, tx: Transaction, command: UpdateActor, caller: Caller) -> Actor:
        before = await self._load(tx, command.actor_id, command.etag, caller)
        caller.require("coordinator", region=command.profile.region)
        after = before.update(command.profile)
        if after == before:
            return before
        await self._identifiers.replace(tx, after.id, before.identifiers, after.identifiers)
        await self._history.of_actor(tx, Action.UPDATED, before, after, caller)
        return await self._actors.save(tx, after, *_updated(before, after))

    async def activate_actor(self, tx: Transaction, command: ActivateActor, caller: Caller) -> Actor:
        before = await self._load(tx, command.actor_id, command.etag, caller)
        after = before.activate(berlin_day(tx.at))
        await self._history.of_actor(tx, Action.ACTIVATED, before, after, caller)
        return await self._actors.save(tx, after, *_updated(before, after))

    async def verify_actor(self, tx: Transaction, command: VerifyActor, caller: Caller) -> Actor:
        before = await self._load(tx, command.actor_id, command.etag, caller)
        after = before.verify(berlin_day(tx.at))
        await self._history.of_actor(tx, Action.VERIFIED, before, after, caller)
        return await self._actors.save(tx, after, ActorVerified(after))

    async def archive_actor(self, tx: Transaction, command: ArchiveActor, caller: Caller) -> Actor:
        before = await self._load(tx, command.actor_id, command.etag, caller)
        after = before.archive()
        await self._history.of_actor(tx, Action.ARCHIVED, before, after, caller, command.reason)
        return await self._actors.save(tx, after, ActorArchived(after))

    async def restore_actor(self, tx: Transaction, command: RestoreActor, caller: Caller) -> Actor:
        before = await self._load(tx, command.actor_id, command.etag, caller)
        after = before.restore()
        await self._history.of_actor(tx, Action.RESTORED, before, after, caller, command.reason)
        return await self._actors.save(tx, after, ActorRestored(after))

    async def _load(self, tx: Transaction, actor_id: str, etag: str, caller: Caller) -> Actor:
        actor = await self._actors.get(actor_id, tx, etag=etag)
        caller.require("coordinator", region=actor.region)
        return actor


def _updated(before: Actor, after: Actor) -> tuple[ActorUpdated, ...]:
    changed = tuple(change.field for change in differences(before, after))
    if not before.is_said_publicly or after.is_said_publicly:
        return (ActorUpdated(after, changed, was_public=before.is_said_publicly),)
    # Who copied the public record must hear that it is withdrawn; what it says from now on is not for them.
    withdrawn = ActorUpdated(replace(before, is_public=False), ("is_public",), was_public=True)
    besides = tuple(field for field in changed if field != "is_public")
    return (withdrawn, ActorUpdated(after, besides, was_public=False)) if besides else (withdrawn,)
