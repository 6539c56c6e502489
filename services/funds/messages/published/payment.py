"""What is said about payments, to our own services only; never where the money goes."""

from datetime import date

from chassis.envelope import Body, Published


class PaymentState(Body):
    """A payment. `status` is ordered, released, paid or failed; `contact_ref` is the person to write to."""

    id: str
    region: str
    grant_id: str
    grant_title: str
    budget_id: str
    contact_ref: str
    status: str
    amount_cents: int
    paid_on: date | None


class PaymentOrdered(Published, audience="int", why="Touches the recipient."):
    """One person ordered it; another has to release it."""

    state: PaymentState


class PaymentReleased(Published, audience="int", why="Touches the recipient."):
    """A second person released it."""

    state: PaymentState


class PaymentPaid(Published, audience="int", why="Touches the recipient."):
    """The money has left the account; the posting is made with it."""

    state: PaymentState


class PaymentFailed(Published, audience="int", why="Touches the recipient."):
    """It was turned down or came back; where it had been paid, `state.paid_on` is the day, and a posting promises it again."""

    state: PaymentState
