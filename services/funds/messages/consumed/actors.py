"""What funds hears from actors."""

from datetime import date

from chassis.envelope import Heard, Part


class ActorState(Part):
    id: str
    region: str
    name: str
    kind: str
    status: str
    merged_into: str = ""


class ActorRegistered(Heard, type="kiezwerk.actors.v1.actor_registered"):
    state: ActorState


class ActorUpdated(Heard, type="kiezwerk.actors.v1.actor_updated"):
    state: ActorState


class ActorArchived(Heard, type="kiezwerk.actors.v1.actor_archived"):
    state: ActorState


class ActorRestored(Heard, type="kiezwerk.actors.v1.actor_restored"):
    state: ActorState


class ActorMerged(Heard, type="kiezwerk.actors.v1.actor_merged"):
    """`state` is the record that another one stands for from now on, named by `state.merged_into`."""

    state: ActorState


class ActorVerified(Heard, type="kiezwerk.actors.v1.actor_verified"):
    """Somebody confirmed the record."""

    state: ActorState


class ActorSplit(Heard, type="kiezwerk.actors.v1.actor_split"):
    """`state` is the record that stands for itself again."""

    state: ActorState


class VerificationLapsed(Heard, type="kiezwerk.actors.v1.verification_lapsed"):
    """Nobody confirmed the record in time."""

    state: ActorState


class RelationState(Part):
    """`to_actor_id` is empty where the relation is to a region."""

    id: str
    kind: str
    from_actor_id: str
    to_actor_id: str = ""
    from_day: date
    until_day: date | None = None


class RelationStarted(Heard, type="kiezwerk.actors.v1.relation_started"):
    state: RelationState


class RelationEnded(Heard, type="kiezwerk.actors.v1.relation_ended"):
    state: RelationState
