"""What is said about payments and their files, to our own services only; never where the money goes."""

from datetime import date

from chassis.envelope import Body, Published


class PaymentState(Body):
    """A payment. `status` is ordered, released, exported, paid, failed or returned; `contact_ref` is whom to write to.

    `file_id` is the payment file that it is in, empty before.
    """

    id: str
    region: str
    grant_id: str
    grant_title: str
    budget_id: str
    contact_ref: str
    status: str
    amount_cents: int
    paid_on: date | None
    file_id: str = ""
    returned_on: date | None = None


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
    """It was turned down, here or by the bank; no money moved."""

    state: PaymentState


class PaymentExported(Published, audience="int", why="Touches the recipient."):
    """It stands in a payment file that goes to the bank."""

    state: PaymentState


class PaymentReturned(Published, audience="int", why="Touches the recipient."):
    """The bank sent it back after it was paid; its amount is committed again, and may be ordered anew."""

    state: PaymentState


class PaymentFileState(Body):
    """A payment file. `fund_id` is empty where it holds payments of several; `total_cents` is the sum of its `payments`."""

    id: str
    region: str
    fund_id: str
    payments: int
    total_cents: int
    execution_on: date


class PaymentFileExported(Published, audience="int", why="When money leaves is the district's own affair."):
    """Released payments were written into a file for the bank, each for the only time."""

    state: PaymentFileState
