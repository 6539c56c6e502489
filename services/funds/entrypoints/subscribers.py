"""What funds hears from other services, and what it does about it."""

from chassis.envelope import Meta
from chassis.inbox import Stream, heard_from, know
from chassis.ports import Transaction
from services.funds.domain.known_actor import KnownActor, KnownRelation
from services.funds.messages.consumed.actors import (
    ActorArchived,
    ActorMerged,
    ActorRegistered,
    ActorRestored,
    ActorSplit,
    ActorState,
    ActorUpdated,
    ActorVerified,
    RelationEnded,
    RelationStarted,
    VerificationLapsed,
)
from services.funds.usecases import UseCases

AboutActor = ActorRegistered | ActorUpdated | ActorArchived | ActorRestored | ActorMerged | ActorSplit


def subscribers(do: UseCases) -> tuple[Stream, ...]:
    async def on_actor(tx: Transaction, message: AboutActor, meta: Meta) -> None:
        await do.actors.know_actor(tx, _known(message.state))

    async def on_verified(tx: Transaction, message: ActorVerified, meta: Meta) -> None:
        await do.actors.know_actor(tx, _known(message.state), lapsed=False)

    async def on_lapsed(tx: Transaction, message: VerificationLapsed, meta: Meta) -> None:
        await do.actors.know_actor(tx, _known(message.state), lapsed=True)

    async def on_actor_archived(tx: Transaction, message: ActorArchived, meta: Meta) -> None:
        await on_actor(tx, message, meta)
        await do.withdrawals.actor_archived(tx, message.state.id)

    async def on_actor_changed(tx: Transaction, message: ActorRestored | ActorMerged | ActorSplit, meta: Meta) -> None:
        await on_actor(tx, message, meta)
        await do.withdrawals.actor_changed(tx, message.state.id)

    async def on_relation(tx: Transaction, message: RelationStarted | RelationEnded, meta: Meta) -> None:
        state = message.state
        await do.actors.know_relation(
            tx,
            KnownRelation(
                state.id, state.kind, state.from_actor_id, state.to_actor_id, state.from_day, state.until_day
            ),
        )

    return (
        heard_from(
            "ACTORS",
            know(ActorRegistered, on_actor),
            know(ActorUpdated, on_actor),
            know(ActorArchived, on_actor_archived),
            know(ActorRestored, on_actor_changed),
            know(ActorMerged, on_actor_changed),
            know(ActorSplit, on_actor_changed),
            know(ActorVerified, on_verified),
            know(VerificationLapsed, on_lapsed),
            know(RelationStarted, on_relation),
            know(RelationEnded, on_relation),
        ),
    )


def _known(state: ActorState) -> KnownActor:
    return KnownActor(state.id, state.region, state.name, state.kind, state.status, state.merged_into)
