"""What events hears of actors: their names."""

from chassis.envelope import Heard, Part


class ActorState(Part):
    id: str
    name: str


class ActorRegistered(Heard, type="kiezwerk.actors.v1.actor_registered"):
    state: ActorState


class ActorUpdated(Heard, type="kiezwerk.actors.v1.actor_updated"):
    state: ActorState
