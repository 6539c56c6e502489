"""What is said of applications: to the four services alone, for an undecided or declined one touches a person."""

from datetime import date, datetime

from chassis.envelope import Body, Published

_WHY = "An application that is not granted, and who stands behind it, is nobody's business outside."


class ApplicationState(Body):
    """An application without texts and names. `contact_ref` is the person_ref of whom to write to, "" before submission.

    `applicant_actor_id` is empty for a private person. `round_id` is empty in a rolling fund; `session_at` is the
    decision's instant once it is scheduled; `info_due_on` is the day until which questions must be answered.
    """

    id: str
    region: str
    fund_id: str
    fund_name: str
    round_id: str
    round_name: str
    session_id: str
    session_at: datetime | None
    applicant_actor_id: str
    contact_ref: str
    title: str
    status: str
    requested_cents: int
    approved_cents: int
    submitted_at: datetime | None
    info_due_on: date | None
    grant_id: str


class ApplicationSubmitted(Published, audience="int", why=_WHY):
    """An application was handed in, or handed in again after questions. `late` says that it went to the next round."""

    state: ApplicationState
    late: bool


class ApplicationInfoRequested(Published, audience="int", why=_WHY):
    """Something is missing; `reason` says what, `state.info_due_on` until when."""

    state: ApplicationState
    reason: str


class ApplicationInfoOverdue(Published, audience="int", why=_WHY):
    """The day `state.info_due_on` passed without an answer; the office decides what follows."""

    state: ApplicationState


class ApplicationAdmitted(Published, audience="int", why=_WHY):
    """The formal check is passed; `reason` is given where an earlier refusal was taken back."""

    state: ApplicationState
    reason: str


class ApplicationRefused(Published, audience="int", why=_WHY):
    """The application cannot be decided on, for this reason, which may be that its round was called off."""

    state: ApplicationState
    reason: str


class ApplicationScheduled(Published, audience="int", why=_WHY):
    """The application stands on a session's agenda; said again when the session moves."""

    state: ApplicationState


class ApplicationUnscheduled(Published, audience="int", why=_WHY):
    """The session will not take place; the application waits for another one."""

    state: ApplicationState


class ApplicationWithdrawn(Published, audience="int", why=_WHY):
    """The applicant took the application back."""

    state: ApplicationState


class ApplicationApproved(Published, audience="int", why=_WHY):
    """Money was awarded: in full, or less than was asked for."""

    state: ApplicationState
    outcome: str
    conditions: tuple[str, ...]


class ApplicationDeclined(Published, audience="int", why=_WHY):
    """No money was awarded, for this reason."""

    state: ApplicationState
    reason: str


class DecisionRevised(Published, audience="int", why=_WHY):
    """A decision was recorded wrongly and is mended: `state` says what holds now, `reason` why.

    status approved: `state.approved_cents` instead of `previous_cents`; declined: nothing after all; scheduled: it is decided
    anew in `state.session_id`.
    """

    state: ApplicationState
    previous_cents: int
    reason: str


class ApplicationDeferred(Published, audience="int", why=_WHY):
    """The decision was put off to a later session, for this reason."""

    state: ApplicationState
    reason: str
