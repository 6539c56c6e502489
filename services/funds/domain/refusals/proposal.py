"""How a proposal says no."""

from collections.abc import Iterable

from chassis.refusals import Invalid, NotNow


class ProposalInState(NotNow):
    def __init__(self, status: str, allowed: Iterable[str]) -> None:
        super().__init__(
            f"PROPOSAL_{status.upper()}",
            f"The proposal is {status}; this is possible while it is {' or '.join(allowed)}.",
        )


class NotOnThisWay(NotNow):
    def __init__(self, way: str, allowed: Iterable[str]) -> None:
        super().__init__(
            "PROPOSAL_ON_ANOTHER_WAY",
            f"The proposal is on the way {way!r}; this is for the way {' or '.join(allowed)}. Route it anew first.",
            details={"way": way},
        )


class MergedIntoItself(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "MERGED_INTO_ITSELF",
            "A proposal cannot be merged into itself; name the other one.",
            fields={"into_proposal_id": "must be another proposal"},
        )


class PublicationNotAgreed(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "PUBLICATION_NOT_AGREED",
            "Proposals are public; one can only be handed in by who agrees that its words are published.",
            fields={"agrees_to_publication": "must be true"},
        )


class ContactNeeded(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "CONTACT_NEEDED",
            "Whoever proposes online must be told what becomes of it.",
            fields={"contact": "is required online"},
        )


class ChannelNotYours(Invalid):
    """An applicant proposes online; an office enters what came on paper or was said in person."""

    def __init__(self, says: str) -> None:
        super().__init__("CHANNEL_NOT_YOURS", f"The channel {says}.", fields={"channel": says})


class EstimateNeeded(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "ESTIMATE_NEEDED",
            "Voters must know what a proposal costs before they vote on it.",
            fields={"estimated_cents": "is required on the way to the vote"},
        )


class FundNotFitting(Invalid):
    def __init__(self, says: str) -> None:
        super().__init__("FUND_NOT_FITTING", f"The fund {says}.", fields={"fund_id": says})


class ApplicationNotFitting(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "APPLICATION_NOT_FITTING",
            "Name an application that was handed in to the fund that the proposal was sent to.",
            fields={"application_id": "is no application that was handed in to this fund"},
        )


class WithdrawalReasonWrong(Invalid):
    """An office says why; of who proposed it no word is published that nobody has read."""

    def __init__(self, says: str) -> None:
        super().__init__("WITHDRAWAL_REASON_WRONG", f"The reason {says}.", fields={"reason": says})


class OthersAreJoined(NotNow):
    def __init__(self) -> None:
        super().__init__(
            "OTHERS_ARE_JOINED",
            "Proposals of others were joined with this one and would go with it; ask the office to withdraw it.",
        )
