"""Every way in which notify's rules say no."""

from chassis.refusals import Invalid, NotFound, NotNow


class AskedTooOften(NotNow):
    def __init__(self) -> None:
        super().__init__("ASKED_TOO_OFTEN", "This address was sent enough confirmation mails today; try tomorrow.")


class LinkOutdated(NotNow):
    def __init__(self) -> None:
        super().__init__("LINK_OUTDATED", "This link does not hold any more; sign up again for a new one.")


class LinkUnknown(NotFound):
    def __init__(self) -> None:
        super().__init__("LINK_UNKNOWN", "There is no such link; copy the whole of it from the mail.")


class SubscriberErased(NotNow):
    def __init__(self) -> None:
        super().__init__("SUBSCRIBER_ERASED", "This subscriber was erased; sign up again.")


class HomeRegionOutside(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "HOME_REGION_OUTSIDE",
            "Name the home region among the regions.",
            fields={"region": "must be one of regions"},
        )


class TextTwice(Invalid):
    def __init__(self, language: str) -> None:
        super().__init__(
            "TEXT_TWICE", "Give one text for each language.", fields={"texts": f"holds more than one in {language}"}
        )


class PublishAtNotAhead(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "PUBLISH_AT_NOT_AHEAD", "Choose an instant that lies ahead.", fields={"publish_at": "must lie ahead"}
        )


class UntilNotAfter(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "UNTIL_NOT_AFTER",
            "End the announcement after it starts.",
            fields={"until": "must be after it is published"},
        )


class AnnouncementNotDraft(NotNow):
    def __init__(self, status: str) -> None:
        super().__init__("ANNOUNCEMENT_NOT_DRAFT", f"The announcement is {status}; only drafts can be changed so.")


class AnnouncementNotPublished(NotNow):
    def __init__(self, status: str) -> None:
        super().__init__("ANNOUNCEMENT_NOT_PUBLISHED", f"The announcement is {status}; there is nothing to withdraw.")


class NotificationNotSending(NotNow):
    def __init__(self, status: str) -> None:
        super().__init__("NOTIFICATION_NOT_SENDING", f"The notification is {status}; nobody is sending it.")
