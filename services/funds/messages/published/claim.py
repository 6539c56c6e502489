"""What is said about claims, to our own services only."""

from chassis.envelope import Body, Published


class ClaimState(Body):
    """A claim (Mittelabruf). `status` is submitted, accepted or refused; `contact_ref` is the person to write to.

    `accepted_cents` is what counts, `lump_sum_cents` of it without a receipt.
    """

    id: str
    region: str
    grant_id: str
    grant_title: str
    contact_ref: str
    status: str
    total_cents: int
    accepted_cents: int
    lump_sum_cents: int = 0


class ClaimSubmitted(Published, audience="int", why="Touches the recipient."):
    """Receipts were handed in for money."""

    state: ClaimState


class ClaimAccepted(Published, audience="int", why="Touches the recipient."):
    """The office accepts the costs; `state.accepted_cents` may be below the total."""

    state: ClaimState


class ClaimRefused(Published, audience="int", why="Touches the recipient."):
    """The office accepts none of it; the receipts may be handed in again."""

    state: ClaimState
