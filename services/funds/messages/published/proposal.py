"""What funds says of proposals: to everyone what the office has released, to our own services whom to tell."""

from datetime import datetime

from chassis.envelope import Body, Published
from services.funds.messages.published.reference import ReferenceState

WHY = "What becomes of a proposal is public from its first day on."


class ProposalState(Body):
    """A proposal without its proposer. `title` is the office's release, "" before and once it is withdrawn; longer words are no part
    of a message.

    `way` is feasible, vote, impossible or fund, absent before it has one; `place` in the order of the votes is 0 before the result;
    `decision` is what was resolved; `authority` is who decides instead of us; `merged_into` leads to the proposal that goes on.
    """

    id: str
    region: str
    title: str
    status: str
    way: str | None
    estimated_cents: int
    fund_id: str
    ballot_id: str
    place: int
    chosen: bool
    decision: ReferenceState | None
    authority: str
    merged_into: str
    submitted_at: datetime


class ProposalFile(ProposalState):
    """A proposal for our own services: `contact_refs` resolve at kiezwerk.funds.v1.ContactService."""

    contact_refs: tuple[str, ...]


class ProposalSubmitted(Published, audience="pub", why=WHY):
    """Somebody proposed something for this region."""

    state: ProposalState


class ProposalStatusChanged(Published, audience="pub", why=WHY):
    """A step was taken, for this reason; the status may be the same after a rewording or a merged duplicate."""

    state: ProposalState
    reason: str


class ProposalAnswered(Published, audience="int", why="Says whom to write to."):
    """A step was taken, for this reason, of which the persons behind `state.contact_refs` are to be told."""

    state: ProposalFile
    reason: str
