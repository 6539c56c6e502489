"""A relation: what one actor is to another, or for a region, from a day to a day."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from services.actors.domain.refusals import RelationEnded, RelationShape, WrongDays


class RelationKind(StrEnum):
    """What `from` is to `to`. Only `responsible_for` points to a region: that is a neighbourhood coordination."""

    OPERATES = "operates"
    MEMBER_OF = "member_of"
    HOSTED_AT = "hosted_at"
    FUNDED_BY = "funded_by"
    COOPERATES_WITH = "cooperates_with"
    DELEGATE_OF = "delegate_of"
    SUCCESSOR_OF = "successor_of"
    RESPONSIBLE_FOR = "responsible_for"


class Rank(StrEnum):
    """Who is responsible first (main), and who beside (plus)."""

    MAIN = "main"
    PLUS = "plus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Both days are within it; without `until_day` it goes on. `region` is its home: the target's, else the from-actor's.

    What a relation points to is either `to_actor_id` or, when responsible for a region, `target_region` with a `rank`.
    """

    id: str
    region: str
    kind: RelationKind
    from_actor_id: str
    from_day: date
    to_actor_id: str = ""
    target_region: str = ""
    rank: Rank | None = None
    until_day: date | None = None
    is_public: bool = False
    version: int = 0

    def __post_init__(self) -> None:
        responsible = self.kind is RelationKind.RESPONSIBLE_FOR
        if responsible != bool(self.target_region) or responsible == bool(self.to_actor_id):
            raise RelationShape(responsible)
        if responsible != (self.rank is not None):
            raise RelationShape(responsible)
        if self.from_actor_id == self.to_actor_id:
            raise RelationShape(responsible)
        if self.until_day is not None and self.until_day < self.from_day:
            raise WrongDays(self.from_day)

    @property
    def actor_ids(self) -> tuple[str, ...]:
        """The one or two actors that it joins."""
        return (self.from_actor_id, self.to_actor_id) if self.to_actor_id else (self.from_actor_id,)

    def holds_on(self, day: date) -> bool:
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)

    def repeats(self, other: "Relation") -> bool:
        """Whether both say the same of the same, on at least one common day."""
        same = (self.kind, self.from_actor_id, self.to_actor_id, self.target_region) == (
            other.kind,
            other.from_actor_id,
            other.to_actor_id,
            other.target_region,
        )
        return same and (self.holds_on(other.from_day) or other.holds_on(self.from_day))

    def end(self, until_day: date) -> "Relation":
        """Set its last day; one that has a last day already may only be shortened."""
        if self.until_day is not None and self.until_day <= until_day:
            raise RelationEnded(self.until_day)
        return replace(self, until_day=until_day)
