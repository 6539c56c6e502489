"""Keeps the history: one revision for each change, in the transaction of the change."""

from chassis.ports import Caller, Transaction, new_id
from services.actors.domain.actor import Actor
from services.actors.domain.relation import Relation
from services.actors.domain.revision import Action, Revision, differences
from services.actors.usecases.ports import Revisions


class History:
    def __init__(self, revisions: Revisions) -> None:
        self._revisions = revisions

    async def of_actor(
        self, tx: Transaction, action: Action, before: Actor | None, after: Actor, caller: Caller, reason: str = ""
    ) -> None:
        changes = differences(before, after)
        await self._revisions.insert(tx, Revision(new_id(), after.id, "", action, changes, caller.sub, tx.at, reason))

    async def of_relation(
        self,
        tx: Transaction,
        action: Action,
        before: Relation | None,
        after: Relation,
        caller: Caller,
        reason: str = "",
    ) -> None:
        """Belongs to the history of the actor that the relation begins with."""
        changes = differences(before, after)
        revision = Revision(new_id(), after.from_actor_id, after.id, action, changes, caller.sub, tx.at, reason)
        await self._revisions.insert(tx, revision)
