"""An application (Antrag): somebody asks a fund for money; from the draft to the decision, and who did what why."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chassis.ports import berlin_day, end_of_day
from services.funds.domain.application_form import ApplicationForm
from services.funds.domain.fund_rules import FundRules
from services.funds.domain.funding_round import FundingRound
from services.funds.domain.grant import ANONYMOUS_TITLE
from services.funds.domain.refusals.application import AnswerIsLate, ApplicationInState, CapExceeded, DueDayPassed
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


@dataclass(frozen=True, slots=True)
class CourseStep:
    """What happened to an application, when, by whom (`sub`, empty where it happened by itself), and why."""

    status: ApplicationStatus
    at: datetime
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Application:
    """`applicant_actor_id` is empty for a private person, who then is the contact; `applicant_sub` when paper came.

    `rules` are those frozen at the submission: the round's, in a rolling fund the fund's of that day. `submitted_at`
    is the first receipt and stays through questions and answers. `info_overdue` and `applicant_archived` tell the office;
    no guard asks them.
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
    info_overdue: bool = False
    applicant_archived: bool = False
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
    def is_private_draft(self) -> bool:
        """Never handed in, also when it was given up: nobody's business but that of whoever wrote it."""
        return self.submitted_at is None and bool(self.applicant_sub)

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
    def was_deferred(self) -> bool:
        """A round does not wait for what was put off: it goes on beside it."""
        return any(step.status is S.DEFERRED for step in self.course)

    @property
    def reason(self) -> str:
        """Why the last step was taken, where a person said so."""
        return self.course[-1].reason if self.course else ""

    def revise(self, form: ApplicationForm) -> "Application":
        self.require(S.DRAFT, S.NEEDS_INFO)
        return replace(self, form=form)

    def submit(
        self, funding_round: FundingRound | None, rules: FundRules, contact_ref: str, by: str, at: datetime
    ) -> "Application":
        """Hand a draft in; it counts from now on, under the rules of now."""
        self.require(S.DRAFT)
        self.form.complete(rules, berlin_day(at))
        home = replace(self, round_id=funding_round.id, round_name=funding_round.name) if funding_round else self
        return replace(home, rules=rules, contact_ref=contact_ref, submitted_at=at).stepped(S.SUBMITTED, by, at)

    def answer(self, by: str, at: datetime) -> "Application":
        """Hand in again what was asked for: until the end of the due day, whatever the round and the days do meanwhile."""
        self.require(S.NEEDS_INFO)
        if self.info_due_on and at >= end_of_day(self.info_due_on):
            raise AnswerIsLate(self.info_due_on)
        self.form.complete(self.frozen_rules, berlin_day(self.submitted_at or at))
        return replace(self, info_due_on=None, info_overdue=False).stepped(S.SUBMITTED, by, at)

    def request_info(self, info_due_on: date, reason: str, by: str, at: datetime) -> "Application":
        """Ask back, also what was admitted by mistake; asked again it gives more time."""
        self.require(S.SUBMITTED, S.NEEDS_INFO, S.ADMISSIBLE, S.SCHEDULED)
        if end_of_day(info_due_on) <= at:
            raise DueDayPassed
        asked = replace(self, info_due_on=info_due_on, info_overdue=False, session_id="", session_at=None)
        return asked.stepped(S.NEEDS_INFO, by, at, reason)

    def admit(self, by: str, at: datetime) -> "Application":
        self.require(S.SUBMITTED)
        return self.stepped(S.ADMISSIBLE, by, at)

    def fall_overdue(self) -> "Application":
        """The due day passed without an answer; the office decides what follows."""
        return replace(self, info_overdue=True) if self.status is S.NEEDS_INFO and not self.info_overdue else self

    def refuse(self, reason: str, by: str, at: datetime) -> "Application":
        """Find it inadmissible, also when it was admitted by mistake; from an agenda the caller takes it off."""
        self.require(*UNDECIDED, S.DEFERRED)
        left = replace(self, info_due_on=None, info_overdue=False, session_id="", session_at=None)
        return left.stepped(S.INADMISSIBLE, by, at, reason)

    def readmit(self, reason: str, by: str, at: datetime, *, round_is_decided: bool = False) -> "Application":
        """Take a refusal back that was a mistake; a form that was left half mended is none to decide on.

        After its round was decided it waits for a later session beside it, as what was put off does.
        """
        self.require(S.INADMISSIBLE)
        self.form.complete(self.frozen_rules, berlin_day(self.submitted_at or at))
        return self.stepped(S.DEFERRED if round_is_decided else S.ADMISSIBLE, by, at, reason)

    def schedule(self, session_id: str, session_at: datetime, by: str, at: datetime) -> "Application":
        self.require(S.ADMISSIBLE, S.DEFERRED)
        return replace(self, session_id=session_id, session_at=session_at).stepped(S.SCHEDULED, by, at)

    def stands_on(self, session_id: str) -> bool:
        return self.status is S.SCHEDULED and self.session_id == session_id

    def reschedule(self, session_at: datetime) -> "Application":
        """The session moved."""
        self.require(S.SCHEDULED)
        return replace(self, session_at=session_at)

    def unschedule(self, reason: str, by: str, at: datetime) -> "Application":
        self.require(S.SCHEDULED)
        waits = S.DEFERRED if self.was_deferred else S.ADMISSIBLE
        return replace(self, session_id="", session_at=None).stepped(waits, by, at, reason)

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
        self.require(*DECIDABLE)
        if approved_cents <= 0:
            raise ApprovedNothing
        if approved_cents > self.requested_cents:
            raise ApprovedAboveRequested(approved_cents, self.requested_cents)
        self.within_cap(approved_cents, bool(exception_reason))
        decided = replace(self, approved_cents=approved_cents, conditions=conditions, grant_id=grant_id)
        return decided.stepped(S.APPROVED, by, at, exception_reason)

    def decline(self, reason: str, by: str, at: datetime) -> "Application":
        self.require(*DECIDABLE)
        return self.stepped(S.DECLINED, by, at, reason)

    def defer(self, reason: str, by: str, at: datetime) -> "Application":
        """Put the decision off to a later session."""
        self.require(S.ADMISSIBLE, S.SCHEDULED)
        return replace(self, session_id="", session_at=None).stepped(S.DEFERRED, by, at, reason)

    def withdraw(self, reason: str, by: str, at: datetime) -> "Application":
        self.require(*BEFORE_AWARD)
        return replace(self, info_due_on=None, info_overdue=False).stepped(S.WITHDRAWN, by, at, reason)

    def cancel(self, reason: str, by: str, at: datetime) -> "Application":
        """The grant that it became was cancelled."""
        self.require(S.APPROVED)
        return self.stepped(S.CANCELLED, by, at, reason)

    @property
    def frozen_rules(self) -> FundRules:
        if self.rules is None:
            raise ApplicationInState(self.status, UNDECIDED)
        return self.rules

    def within_cap(self, amount_cents: int, exception: bool) -> None:
        rules = self.frozen_rules
        excepted = exception and rules.cap_exception_allowed
        if rules.cap_cents and amount_cents > rules.cap_cents and not excepted:
            raise CapExceeded(rules.cap_cents)

    def stepped(self, status: ApplicationStatus, by: str, at: datetime, reason: str = "") -> "Application":
        return replace(self, status=status, course=(*self.course, CourseStep(status, at, by, reason)))

    def require(self, *allowed: ApplicationStatus) -> None:
        if self.status not in allowed:
            raise ApplicationInState(self.status, allowed)
