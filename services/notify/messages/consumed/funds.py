"""What notify hears from funds."""

from datetime import date, datetime

from chassis.envelope import Heard, Part


class Round(Part):
    region: str
    fund_name: str
    name: str
    closes_at: datetime
    session_at: datetime | None = None


class RoundOpened(Heard, type="kiezwerk.funds.v1.round_opened"):
    state: Round


class Application(Part):
    """`contact_ref` is the person_ref of whom to write to; empty where there is nobody."""

    id: str
    region: str
    fund_name: str
    title: str
    contact_ref: str
    requested_cents: int
    approved_cents: int = 0
    session_at: datetime | None = None
    submitted_at: datetime | None = None
    info_due_on: date | None = None


class AboutApplication(Heard):
    """What all messages about an application have."""

    state: Application


class ApplicationSubmitted(AboutApplication, type="kiezwerk.funds.v1.application_submitted"):
    state: Application
    late: bool = False


class ApplicationInfoRequested(AboutApplication, type="kiezwerk.funds.v1.application_info_requested"):
    state: Application
    reason: str


class ApplicationRefused(AboutApplication, type="kiezwerk.funds.v1.application_refused"):
    state: Application
    reason: str


class ApplicationScheduled(AboutApplication, type="kiezwerk.funds.v1.application_scheduled"):
    state: Application


class ApplicationUnscheduled(AboutApplication, type="kiezwerk.funds.v1.application_unscheduled"):
    state: Application


class ApplicationApproved(AboutApplication, type="kiezwerk.funds.v1.application_approved"):
    state: Application
    conditions: tuple[str, ...] = ()


class ApplicationDeclined(AboutApplication, type="kiezwerk.funds.v1.application_declined"):
    state: Application
    reason: str


class ApplicationDeferred(AboutApplication, type="kiezwerk.funds.v1.application_deferred"):
    state: Application
    reason: str


class Session(Part):
    id: str
    region: str
    fund_name: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""


class AgendaLine(Part):
    number: int
    title: str
    requested_cents: int


class SessionInvited(Heard, type="kiezwerk.funds.v1.session_invited"):
    state: Session
    member_refs: tuple[str, ...]
    agenda: tuple[AgendaLine, ...]


class Grant(Part):
    region: str
    fund_name: str
    title: str
    recipient_name: str
    is_private_person: bool
    approved_cents: int
    requested_cents: int


class GrantAwarded(Heard, type="kiezwerk.funds.v1.grant_awarded"):
    state: Grant


class GrantFile(Part):
    """`application_id` is the reference that the recipient knows from all earlier letters."""

    region: str
    application_id: str
    title: str
    contact_ref: str
    approved_cents: int
    starts_on: date
    ends_on: date
    proof_due_on: date | None = None


class AboutGrant(Heard):
    """What all messages about a grant's course have."""

    state: GrantFile


class GrantAgreed(AboutGrant, type="kiezwerk.funds.v1.grant_agreed"):
    state: GrantFile


class ProofDue(AboutGrant, type="kiezwerk.funds.v1.proof_due"):
    state: GrantFile


class Payment(Part):
    region: str
    grant_title: str
    contact_ref: str
    amount_cents: int


class PaymentReleased(Heard, type="kiezwerk.funds.v1.payment_released"):
    state: Payment
