"""An actor as events knows it from messages: its name, for who invites."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownActor:
    """`name` is empty while the actor's record is not public: feeds and messages would spread it."""

    id: str
    name: str
