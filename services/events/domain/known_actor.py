"""An actor as events knows it from messages: its name, for who invites."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownActor:
    id: str
    name: str
