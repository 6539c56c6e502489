"""An application (Antrag): somebody asks a fund for money; from the draft to the decision, and who did what why."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chassis.ports import berlin_day, end_of_day
from services.funds.domain.application_form import ApplicationForm
from services.funds.domain.fund_rules import FundRules
from services.funds.domain.funding_round import FundingRound, RoundStatus
from services.funds.domain.grant import ANONYMOUS_TITLE
from services.funds.domain.refusals.application import (
    AnswerIsLate,
    ApplicationInState,
    CapExceeded,
    DueDayPassed,
    RoundClosed,
    RoundIsCancelled,
    RoundNotOpen,
)
from services.funds.domain.refusals.grant import ApprovedAboveRequested, ApprovedNothing


class ApplicationStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    NEEDS_INFO = "needs_info"
    ADMISSIBLE = "admissible"
    INADMISSIBLE = "inadmissible"
    SCHEDULED = "scheduled"
    APPROVED = "approved"
    DECLINED = "declined"
    DEFERRED = "deferred"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


S = ApplicationStatus
# What a round still has to decide.
UNDECIDED = (S.SUBMITTED, S.NEEDS_INFO, S.ADMISSIBLE, S.SCHEDULED)
BEFORE_AWARD = (S.DRAFT, *UNDECIDED, S.DEFERRED)
# An office decides without a session, so an application need not stand on an agenda.
DECIDABLE = (S.ADMISSIBLE, S.SCHEDULED, S.DEFERRED)


def is_told(status: ApplicationStatus, session_id: str) -> bool:
    """Whether everyone may know what one application asked for: by its award, or by the minutes of its session."""
    return status in (S.APPROVED, S.CANCELLED) or (status is S.DECLINED and bool(session_id))


@dataclass(frozen=True, slots=True)
class CourseStep:
    """What happened to an application, when, by whom (`sub`), and why where a person gave a reason."""

    status: ApplicationStatus
    at: datetime
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Application:
    """`applicant_actor_id` is empty for a private person, who then is the contact; `applicant_sub` when paper came.

    `rules` are those frozen at the submission: the round's, in a rolling fund the fund's of that day. `submitted_at`
    is the first receipt and stays through questions and answers.
    """

    id: str
    region: str
    fund_id: str
    fund_name: str
    round_id: str
    round_name: str
    applicant_actor_id: str
    applicant_sub: str
    entered_by: str
    form: ApplicationForm
    status: ApplicationStatus = S.DRAFT
    contact_ref: str = ""
    rules: FundRules | None = None
    submitted_at: datetime | None = None
    info_due_on: date | None = None
    session_id: str = ""
    session_at: datetime | None = None
    approved_cents: int = 0
    conditions: tuple[str, ...] = ()
    grant_id: str = ""
    course: tuple[CourseStep, ...] = ()
    version: int = 0

    @property
    def title(self) -> str:
        return self.form.title

    @property
    def requested_cents(self) -> int:
        return self.form.requested_cents

    @property
    def is_private_person(self) -> bool:
        return not self.applicant_actor_id

    @property
    def agenda_title(self) -> str:
        """The title as it may stand on an agenda: a private person's own words may name them."""
        return ANONYMOUS_TITLE if self.is_private_person else self.form.title

    @property
    def outcome(self) -> str:
        """Full or reduced, once money was awarded."""
        if not self.approved_cents:
            return ""
        return "full" if self.approved_cents == self.requested_cents else "reduced"

    @property
    def reason(self) -> str:
        """Why the last step was taken, where a person said so."""
        return self.course[-1].reason if self.course else ""

    def revise(self, form: ApplicationForm) -> "Application":
        self._only(S.DRAFT, S.NEEDS_INFO)
        return replace(self, form=form)

    def submit(
        self, funding_round: FundingRound | None, rules: FundRules, contact_ref: str, by: str, at: datetime
    ) -> "Application":
        """Hand a draft in; it counts from now on, under the rules of now."""
        self._only(S.DRAFT)
        self.form.complete(rules, berlin_day(at))
        home = (
            self if funding_round is None else replace(self, round_id=funding_round.id, round_name=funding_round.name)
        )
        return replace(home, rules=rules, contact_ref=contact_ref, submitted_at=at)._to(S.SUBMITTED, by, at)

    def answer(self, by: str, at: datetime) -> "Application":
        """Hand in again what the office asked for: until the end of the due day, whatever the round does meanwhile."""
        self._only(S.NEEDS_INFO)
        if self.info_due_on and at >= end_of_day(self.info_due_on):
            raise AnswerIsLate(self.info_due_on)
        self.form.complete(self.frozen_rules, berlin_day(at))
        return replace(self, info_due_on=None)._to(S.SUBMITTED, by, at)

    def request_info(self, info_due_on: date, reason: str, by: str, at: datetime) -> "Application":
        """Ask back; asked again it gives more time."""
        self._only(S.SUBMITTED, S.NEEDS_INFO)
        if end_of_day(info_due_on) <= at:
            raise DueDayPassed
        return replace(self, info_due_on=info_due_on)._to(S.NEEDS_INFO, by, at, reason)

    def admit(self, by: str, at: datetime) -> "Application":
        self._only(S.SUBMITTED)
        return self._to(S.ADMISSIBLE, by, at)

    def refuse(self, reason: str, by: str, at: datetime) -> "Application":
        self._only(S.SUBMITTED, S.NEEDS_INFO)
        return replace(self, info_due_on=None)._to(S.INADMISSIBLE, by, at, reason)

    def readmit(self, reason: str, by: str, at: datetime) -> "Application":
        """Take a refusal back that was a mistake."""
        self._only(S.INADMISSIBLE)
        return self._to(S.ADMISSIBLE, by, at, reason)

    def schedule(self, session_id: str, session_at: datetime, by: str, at: datetime) -> "Application":
        self._only(S.ADMISSIBLE, S.DEFERRED)
        return replace(self, session_id=session_id, session_at=session_at)._to(S.SCHEDULED, by, at)

    def reschedule(self, session_at: datetime) -> "Application":
        """The session moved."""
        self._only(S.SCHEDULED)
        return replace(self, session_at=session_at)

    def unschedule(self, reason: str, by: str, at: datetime) -> "Application":
        self._only(S.SCHEDULED)
        return replace(self, session_id="", session_at=None)._to(S.ADMISSIBLE, by, at, reason)

    def approve(
        self,
        approved_cents: int,
        conditions: tuple[str, ...],
        grant_id: str,
        exception_reason: str,
        by: str,
        at: datetime,
    ) -> "Application":
        """Bind the decision; above the cap only with the recorded reason of an exception that the rules allow."""
        self._only(*DECIDABLE)
        if approved_cents <= 0:
            raise ApprovedNothing
        if approved_cents > self.requested_cents:
            raise ApprovedAboveRequested(approved_cents, self.requested_cents)
        self._within_cap(approved_cents, bool(exception_reason))
        decided = replace(self, approved_cents=approved_cents, conditions=conditions, grant_id=grant_id)
        return decided._to(S.APPROVED, by, at, exception_reason)

    def decline(self, reason: str, by: str, at: datetime) -> "Application":
        self._only(*DECIDABLE)
        return self._to(S.DECLINED, by, at, reason)

    def defer(self, reason: str, by: str, at: datetime) -> "Application":
        """Put the decision off to a later session."""
        self._only(S.ADMISSIBLE, S.SCHEDULED)
        return replace(self, session_id="", session_at=None)._to(S.DEFERRED, by, at, reason)

    def withdraw(self, reason: str, by: str, at: datetime) -> "Application":
        self._only(*BEFORE_AWARD)
        return replace(self, info_due_on=None)._to(S.WITHDRAWN, by, at, reason)

    def cancel(self, reason: str, by: str, at: datetime) -> "Application":
        """The grant that it became was cancelled."""
        self._only(S.APPROVED)
        return self._to(S.CANCELLED, by, at, reason)

    @property
    def frozen_rules(self) -> FundRules:
        if self.rules is None:
            raise ApplicationInState(self.status, UNDECIDED)
        return self.rules

    def _within_cap(self, amount_cents: int, exception: bool) -> None:
        rules = self.frozen_rules
        excepted = exception and rules.cap_exception_allowed
        if rules.cap_cents and amount_cents > rules.cap_cents and not excepted:
            raise CapExceeded(rules.cap_cents)

    def _to(self, status: ApplicationStatus, by: str, at: datetime, reason: str = "") -> "Application":
        return replace(self, status=status, course=(*self.course, CourseStep(status, at, by, reason)))

    def _only(self, *allowed: ApplicationStatus) -> None:
        if self.status not in allowed:
            raise ApplicationInState(self.status, allowed)


def receiving_round(wanted: FundingRound, later: FundingRound | None, at: datetime) -> tuple[FundingRound, bool]:
    """The round that an application of `at` belongs to, and whether it is late: `later` is where late ones may go.

    By the calendar alone: what comes at `closes_at` is late though no timer has closed the round yet.
    """
    if wanted.status is RoundStatus.CANCELLED:
        raise RoundIsCancelled
    if at < wanted.opens_at:
        raise RoundNotOpen(wanted.opens_on)
    if wanted.takes_applications_at(at):
        return wanted, False
    if later is None:
        raise RoundClosed(wanted.closes_on)
    return later, True
