"""What is said about grants: the award, the settlement and the end to everyone, the way between to our own services."""

from datetime import date

from chassis.envelope import Body, Published


class YearShareState(Body):
    """What the award gives in a later year, in cents; it is promised when that year's budget has it."""

    year: int
    amount_cents: int


class GrantState(Body):
    """A grant for everyone. Of a private person it holds no name, no id, no word of theirs, and no place finer than a district region.

    `status` is awarded, running, settled or cancelled; `recipient_actor_id` and `session_id` may be empty; amounts in
    cents; `paid_cents` is what was paid in all, `returned_cents` what went back to the budget unpaid. `year` is that of the
    award, `budget_id` the budget in which the money stands now; `approved_cents` holds no share of a year to come. What is
    paid or comes back after this message is said by `ledger_posted` alone, by `grant_id`.
    """

    id: str
    region: str
    year: int
    fund_id: str
    fund_name: str
    budget_id: str
    application_id: str
    session_id: str
    title: str
    recipient_actor_id: str
    recipient_name: str
    is_private_person: bool
    requested_cents: int
    approved_cents: int
    paid_cents: int
    returned_cents: int
    status: str
    decided_on: date
    starts_on: date
    ends_on: date
    later_shares: tuple[YearShareState, ...] = ()


class GrantFile(GrantState):
    """A grant for our own services: its true status, and the person to write to.

    `contact_ref` resolves at kiezwerk.funds.v1.ContactService. `proof_due_on` is the last day on which the proof is in
    time, absent before the agreement, `proof_reminders_on` the days to remind of it, by the rules of the award;
    `refund_due_cents` is claimed back and not received yet, `refund_due_on` the day until which it is due.
    """

    contact_ref: str
    payout: str
    proof_due_on: date | None
    accepted_cents: int
    refund_claimed_cents: int
    refunded_cents: int
    refund_due_cents: int
    proof_reminders_on: tuple[date, ...] = ()
    refund_due_on: date | None = None


class GrantAwarded(
    Published, audience="pub", why="The city publishes what it funds; a private person stays anonymous."
):
    """Money was awarded to an application. Whom to write to is in what was said about `state.application_id`."""

    state: GrantState


class GrantRevised(Published, audience="pub", why="What was published about an award is mended in public."):
    """An award was recorded wrongly, and nothing is agreed yet: `state.approved_cents` holds instead of `previous_cents`."""

    state: GrantState
    previous_cents: int


class GrantSettled(Published, audience="pub", why="The city publishes what became of its money."):
    """Everything is proven and paid; `state.returned_cents` went back to the budget."""

    state: GrantState


class GrantReopened(Published, audience="pub", why="What was published about a settled grant is mended in public."):
    """A settled grant waits for its end again: the bank sent `amount_cents` back that it was paid, which are promised again,
    or they were booked as refunded and did not come.
    """

    state: GrantState
    amount_cents: int


class GrantCancelled(Published, audience="pub", why="The money is free again for others."):
    """The grant ended before anything was paid; all of it went back to the budget."""

    state: GrantState


class GrantCarried(Published, audience="pub", why="The city publishes from which year's money it pays."):
    """`amount_cents` that were promised and not paid went from the budget `from_budget_id` into `state.budget_id`.

    Also what a bank sent back after the end of the year that paid it.
    """

    state: GrantState
    amount_cents: int
    from_budget_id: str


class GrantContinued(Published, audience="pub", why="The city publishes what it funds, also over several years."):
    """The share of the next year, `amount_cents`, is promised; `state.approved_cents` holds it from now on."""

    state: GrantState
    amount_cents: int


class GrantAgreed(Published, audience="int", why="Touches the recipient."):
    """The agreement was issued; `state.proof_due_on` is set from now on."""

    state: GrantFile


class GrantStarted(Published, audience="int", why="Touches the recipient."):
    """The first day of the project has come."""

    state: GrantFile


class ProofDue(Published, audience="int", why="Touches the recipient."):
    """The project is over; the proof is expected until the end of `state.proof_due_on`."""

    state: GrantFile


class ProofOverdue(Published, audience="int", why="Touches the recipient."):
    """`state.proof_due_on` has passed without a proof."""

    state: GrantFile


class ProofSubmitted(Published, audience="int", why="Touches the recipient."):
    """A proof came in, or the answer to a query."""

    state: GrantFile
    total_costs_cents: int


class ProofQueried(Published, audience="int", why="Touches the recipient."):
    """The office asks back; `state.proof_due_on` is `answer_by` now."""

    state: GrantFile
    answer_by: date


class ProofAccepted(Published, audience="int", why="Touches the recipient."):
    """The proof holds; `state.accepted_cents` are the costs that count."""

    state: GrantFile


class ProofReopened(Published, audience="int", why="Touches the recipient."):
    """The acceptance was a mistake and is taken back: the proof is looked at anew, and nothing that it claimed is owed."""

    state: GrantFile


class RefundClaimed(Published, audience="int", why="Touches the recipient."):
    """More was paid than was proven; `amount_cents` are owed back."""

    state: GrantFile
    amount_cents: int


class RefundReceived(Published, audience="int", why="Touches the recipient."):
    """Money came back into the budget."""

    state: GrantFile
    amount_cents: int


class RefundCorrected(Published, audience="int", why="Touches the recipient."):
    """`amount_cents` that were booked as refunded did not come; they are owed again."""

    state: GrantFile
    amount_cents: int


class RefundOverdue(Published, audience="int", why="Touches the recipient."):
    """`state.refund_due_on` has passed, and `amount_cents` have not come back."""

    state: GrantFile
    amount_cents: int


class GrantRevoked(Published, audience="int", why="Touches the recipient."):
    """The grant was taken back because no proof came; what was paid is claimed back."""

    state: GrantFile
