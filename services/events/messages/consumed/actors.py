"""What events hears of actors: their names."""

from chassis.envelope import Heard, Part


class ActorState(Part):
    """An actor's name may be said of it while the record is public and no draft."""

    id: str
    name: str
    status: str
    is_public: bool

    @property
    def public_name(self) -> str:
        return self.name if self.is_public and self.status != "draft" else ""


class ActorRegistered(Heard, type="kiezwerk.actors.v1.actor_registered"):
    state: ActorState


class ActorUpdated(Heard, type="kiezwerk.actors.v1.actor_updated"):
    state: ActorState
