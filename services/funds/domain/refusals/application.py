"""How an application says no."""

from collections.abc import Iterable, Mapping
from datetime import date

from chassis.refusals import Forbidden, Invalid, NotFound, NotNow


class ApplicationInState(NotNow):
    def __init__(self, status: str, allowed: Iterable[str]) -> None:
        super().__init__(
            f"APPLICATION_{status.upper()}",
            f"The application is {status}; this is possible while it is {' or '.join(allowed)}.",
        )


class FormIncomplete(Invalid):
    def __init__(self, fields: Mapping[str, str]) -> None:
        named = "; ".join(f"{field} {says}" for field, says in fields.items())
        super().__init__("APPLICATION_INCOMPLETE", f"Please complete: {named}.", fields=fields)


class CostKindExcluded(NotNow):
    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(
            "COST_KIND_EXCLUDED", "This fund does not pay for some of the costs; see the fields.", fields=fields
        )


class RoundNotOpen(NotNow):
    def __init__(self, opens_on: date) -> None:
        super().__init__("ROUND_NOT_OPEN", f"The round takes applications from {opens_on} on.")


class RoundClosed(NotNow):
    def __init__(self, closes_on: date) -> None:
        super().__init__(
            "ROUND_CLOSED", f"The round closed at the end of {closes_on}, and no later round takes applications yet."
        )


class RoundIsCancelled(NotNow):
    def __init__(self) -> None:
        super().__init__("ROUND_CANCELLED", "The round was cancelled; choose another one.")


class RoundNeeded(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "ROUND_NEEDED", "This fund decides in rounds; name one.", fields={"round_id": "is required for this fund"}
        )


class RoundOfAnotherFund(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "ROUND_OF_ANOTHER_FUND", "The round belongs to another fund.", fields={"round_id": "is not of this fund"}
        )


class RegionOutsideRound(Invalid):
    def __init__(self, region: str) -> None:
        super().__init__(
            "REGION_OUTSIDE", f"Money is given in {region} here.", fields={"region": f"must lie in {region}"}
        )


class ApplicantNotEligible(NotNow):
    def __init__(self, kind: str) -> None:
        super().__init__("APPLICANT_NOT_ELIGIBLE", f"This fund does not give money to a {kind.replace('_', ' ')}.")


class ApplicantUnknown(NotFound):
    def __init__(self) -> None:
        super().__init__("ACTOR_NOT_FOUND", "The applicant is not known here; register it with actors first.")


class ApplicantNotActive(NotNow):
    def __init__(self, status: str) -> None:
        super().__init__("APPLICANT_NOT_ACTIVE", f"The applicant's record is {status}.")


class NotYourApplicant(Forbidden):
    def __init__(self) -> None:
        super().__init__("NOT_YOUR_ACTOR", "Your token does not let you apply for this actor.")


class ApplicationNotFound(NotFound):
    """Whoever may not see an application is told the same as if there were none."""

    def __init__(self, id: str) -> None:
        super().__init__("APPLICATION_NOT_FOUND", f"There is no application {id}.")


class AnswerIsLate(NotNow):
    def __init__(self, info_due_on: date) -> None:
        super().__init__(
            "ANSWER_IS_LATE", f"Answers were due until the end of {info_due_on}. Ask the office for more time."
        )


class DueDayPassed(Invalid):
    def __init__(self) -> None:
        super().__init__("DUE_DAY_PASSED", "The day has passed already.", fields={"info_due_on": "must lie ahead"})


class CapExceeded(NotNow):
    def __init__(self, cap_cents: int) -> None:
        super().__init__(
            "CAP_EXCEEDED",
            f"The fund gives at most {cap_cents} cents to one application. Lower the amount, or record an exception "
            "if the rules allow one.",
            details={"cap_cents": str(cap_cents)},
        )


class CapHasNoException(NotNow):
    def __init__(self) -> None:
        super().__init__("CAP_HAS_NO_EXCEPTION", "The rules of this fund allow no exception from the maximum.")


class DecidedByAnother(NotNow):
    def __init__(self, decision_body: str) -> None:
        super().__init__("DECIDED_BY_ANOTHER", f"In this fund the {decision_body} decides.")
