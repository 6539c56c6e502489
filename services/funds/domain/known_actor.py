"""What funds knows of the actors and their relations: copies kept from messages, for names and for recusal."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class KnownActor:
    """`has_lapsed`: nobody confirmed the record in time, and nobody has since."""

    id: str
    region: str
    name: str
    kind: str
    status: str
    merged_into: str = ""
    has_lapsed: bool = False


@dataclass(frozen=True, slots=True)
class KnownRelation:
    """`from_id` operates, belongs to (or whatever `kind` says) `to_id`, from the first day to the last, both inclusive."""

    id: str
    kind: str
    from_id: str
    to_id: str
    starts_on: date | None = None
    ends_on: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)
