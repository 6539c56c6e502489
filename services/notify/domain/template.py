"""The letters that notify knows to write: which there are, in which version, and which of them are newsletters."""

from enum import StrEnum


class Template(StrEnum):
    """One kind of letter; its words are in templates/letters/<template>.v<version>.<language>.jinja."""

    SUBSCRIPTION_CONFIRMATION = "subscription_confirmation"

    ROUND_OPENED = "round_opened"
    GRANT_AWARDED = "grant_awarded"
    EVENT_PUBLISHED = "event_published"
    EVENT_MOVED = "event_moved"
    EVENT_CANCELLED = "event_cancelled"
    ANNOUNCEMENT_PUBLISHED = "announcement_published"

    APPLICATION_SUBMITTED = "application_submitted"
    APPLICATION_INFO_REQUESTED = "application_info_requested"
    APPLICATION_REFUSED = "application_refused"
    APPLICATION_SCHEDULED = "application_scheduled"
    APPLICATION_UNSCHEDULED = "application_unscheduled"
    APPLICATION_APPROVED = "application_approved"
    APPLICATION_DECLINED = "application_declined"
    APPLICATION_DEFERRED = "application_deferred"
    GRANT_AGREED = "grant_agreed"
    PAYMENT_RELEASED = "payment_released"
    PROOF_DUE = "proof_due"

    SESSION_INVITED = "session_invited"

    REGISTRATION_CONFIRMED = "registration_confirmed"
    REGISTRATION_WAITLISTED = "registration_waitlisted"
    REGISTRATION_REPEATED = "registration_repeated"
    REGISTRATION_OFFERED = "registration_offered"
    REGISTRATION_CANCELLED = "registration_cancelled"

    @property
    def version(self) -> int:
        """The version in use; what is queued under an older one is still written with that."""
        return 1

    @property
    def lane(self) -> "Lane":
        return Lane.NEWS if self in _NEWS else Lane.SERVICE


class Lane(StrEnum):
    """Service messages (own application, jury work) need no consent and never wait behind news."""

    SERVICE = "service"
    NEWS = "news"


_NEWS = frozenset(
    {
        Template.ROUND_OPENED,
        Template.GRANT_AWARDED,
        Template.EVENT_PUBLISHED,
        Template.EVENT_MOVED,
        Template.EVENT_CANCELLED,
        Template.ANNOUNCEMENT_PUBLISHED,
    }
)
