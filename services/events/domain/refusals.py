"""What the calendar refuses, each with its reason and what to do about it."""

from chassis.refusals import Invalid, NotFound, NotNow


class TimesUnusable(Invalid):
    def __init__(self, field: str, problem: str) -> None:
        super().__init__("TIMES_UNUSABLE", f"{field} {problem}.", fields={field: problem})


class NowhereToGo(Invalid):
    def __init__(self) -> None:
        problem = "a calendar event needs a place or an online address"
        super().__init__("NOWHERE_TO_GO", f"Name where it happens: {problem}.", fields={"place": problem})


class AlreadyPublished(NotNow):
    def __init__(self) -> None:
        super().__init__("ALREADY_PUBLISHED", "This calendar event is published already.")


class NotPublished(NotNow):
    def __init__(self) -> None:
        super().__init__("NOT_PUBLISHED", "This calendar event is still a draft; publish it first.")


class AlreadyCancelled(NotNow):
    def __init__(self) -> None:
        super().__init__("EVENT_CANCELLED", "This calendar event is cancelled; plan a new one instead.")


class FollowsSource(NotNow):
    """An entry that was made by itself stays in step with what it was made from."""

    def __init__(self, what: str) -> None:
        super().__init__("FOLLOWS_SOURCE", f"This entry follows its {what}; change that, and the entry moves along.")


class RegistrationNotOffered(NotNow):
    def __init__(self) -> None:
        super().__init__("NO_REGISTRATION", "This calendar event takes no registrations; everybody can just come.")


class RegistrationOver(NotNow):
    def __init__(self) -> None:
        super().__init__(
            "REGISTRATION_OVER", "This calendar event has begun; nothing can be changed about seats any more."
        )


class GroupTooLarge(NotNow):
    def __init__(self, seats: int, capacity: int) -> None:
        super().__init__(
            "GROUP_TOO_LARGE",
            f"There are {capacity} seats in all; a group of {seats} can never be seated together.",
            details={"capacity": str(capacity)},
        )


class WaitingListFull(NotNow):
    def __init__(self, waiting: int) -> None:
        super().__init__("WAITING_LIST_FULL", f"{waiting} registrations are waiting already; no more are taken.")


class CapacityBelowPromised(NotNow):
    def __init__(self, promised: int) -> None:
        super().__init__(
            "CAPACITY_BELOW_PROMISED",
            f"{promised} seats are confirmed or offered; keep at least as many, or cancel registrations first.",
            details={"promised": str(promised)},
        )


class NoOffer(NotNow):
    def __init__(self, status: str) -> None:
        super().__init__("NO_OFFER", f"There is no open offer of seats to accept; the registration is {status}.")


class OfferExpired(NotNow):
    def __init__(self) -> None:
        super().__init__(
            "OFFER_EXPIRED", "The offer was open until a time that has passed; register again if you like."
        )


class RegistrationEnded(NotNow):
    def __init__(self, status: str) -> None:
        super().__init__("REGISTRATION_ENDED", f"This registration is {status} already.")


class LinkUnknown(NotFound):
    def __init__(self) -> None:
        super().__init__("LINK_UNKNOWN", "This link is not known or no longer valid.")


class PersonNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("PERSON_NOT_FOUND", "There is no such person here, or they were erased.")
