"""What actors says of a relation: who runs what, who belongs where, who is responsible for a region."""

from datetime import date

from chassis.envelope import Audience, Body, Published
from services.actors.domain.relation import Rank, RelationKind


class RelationState(Body):
    """A relation after the change; both days are within it, and without `until_day` it goes on.

    `to_actor_id` is "" and `rank` is set when the actor is responsible for `target_region` (LOR key).
    """

    id: str
    region: str
    kind: RelationKind
    from_actor_id: str
    to_actor_id: str
    target_region: str
    rank: Rank | None
    from_day: date
    until_day: date | None
    is_public: bool


class AboutRelation(Published):
    """Public when both ends were public records at its start."""

    state: RelationState

    def audience_now(self) -> Audience:
        return "pub" if self.state.is_public else "int"


class RelationStarted(
    AboutRelation, audience="pub", why="The city publishes who is responsible and who works with whom."
):
    """A relation was recorded; it may begin on a later day."""


class RelationEnded(AboutRelation, audience="pub", why="Who copied a public relation must learn when it ends."):
    """A relation was given its last day."""
