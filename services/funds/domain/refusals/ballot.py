"""How a ballot says no."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from chassis.refusals import Forbidden, Invalid, NotFound, NotNow


class BallotInState(NotNow):
    def __init__(self, status: str, allowed: Iterable[str]) -> None:
        super().__init__(
            f"BALLOT_{status.upper()}", f"The ballot is {status}; this is possible while it is {' or '.join(allowed)}."
        )


class BallotNotFound(NotFound):
    """A draft is nobody's business but the office's."""

    def __init__(self, id: str) -> None:
        super().__init__("BALLOT_NOT_FOUND", f"There is no ballot {id}.")


class BallotRulesWrong(Invalid):
    def __init__(self, fields: Mapping[str, str]) -> None:
        named = "; ".join(f"{field} {says}" for field, says in fields.items())
        super().__init__("BALLOT_RULES_WRONG", f"Please correct: {named}.", fields=fields)


class BallotTimesWrong(Invalid):
    def __init__(self, field: str, says: str) -> None:
        super().__init__("BALLOT_TIMES_WRONG", f"{field} {says}.", fields={field: says})


class TooFewOptions(NotNow):
    def __init__(self) -> None:
        super().__init__("TOO_FEW_OPTIONS", "People need two proposals or more to choose from; add some first.")


class OptionAboveBudget(NotNow):
    def __init__(self, title: str, budget_cents: int) -> None:
        super().__init__(
            "OPTION_ABOVE_BUDGET",
            f"{title!r} costs more than the whole budget of {budget_cents} cents and could never be chosen; take it off.",
            details={"budget_cents": str(budget_cents)},
        )


class ProposalsNotReady(NotNow):
    def __init__(self, positions: Iterable[int]) -> None:
        fields = {f"proposal_ids[{i}]": "is not routed to the vote in the ballot's region" for i in positions}
        super().__init__(
            "PROPOSALS_NOT_READY",
            "Some proposals cannot be voted on; route them to the vote or take them off. See the fields.",
            fields=fields,
        )


class RegionOutsideBallot(Invalid):
    def __init__(self, region: str) -> None:
        super().__init__("REGION_OUTSIDE", f"People of {region} vote here.", fields={"region": f"must lie in {region}"})


class TooManyCodes(NotNow):
    def __init__(self, most: int) -> None:
        super().__init__(
            "TOO_MANY_CODES",
            f"A ballot has at most {most} codes, revoked ones included; hold a ballot for each region.",
            details={"most": str(most)},
        )


class VotingHasBegun(NotNow):
    def __init__(self) -> None:
        super().__init__(
            "VOTING_HAS_BEGUN",
            "Nobody can tell which votes were cast with these codes. Cancel the ballot if they must not count.",
        )


class BatchIsRevoked(NotNow):
    def __init__(self) -> None:
        super().__init__("BATCH_REVOKED", "These codes are revoked already.")


class VotingNotBegun(NotNow):
    def __init__(self, opens_at: datetime) -> None:
        super().__init__(
            "VOTING_NOT_BEGUN",
            f"Voting begins at {opens_at.isoformat(timespec='minutes')}.",
            details={"opens_at": opens_at.isoformat()},
        )


class VotingIsOver(NotNow):
    def __init__(self, closes_at: datetime) -> None:
        super().__init__(
            "VOTING_IS_OVER",
            f"Voting ended at {closes_at.isoformat(timespec='minutes')}.",
            details={"closes_at": closes_at.isoformat()},
        )


class CodeMistyped(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "CODE_MISTYPED",
            "A character of the code is wrong or missing; compare it with the paper.",
            fields={"code": "does not fit its check character"},
        )


class CodeUnknown(Forbidden):
    """One answer for codes that never were, that were revoked, and that are for another ballot."""

    def __init__(self) -> None:
        super().__init__("CODE_UNKNOWN", "This code does not hold for this ballot. Ask where you got it.")


class NothingChosen(Invalid):
    def __init__(self) -> None:
        super().__init__("NOTHING_CHOSEN", "Choose at least one proposal.", fields={"choices": "must not be empty"})


class NotOnThisBallot(Invalid):
    def __init__(self, positions: Iterable[int]) -> None:
        super().__init__(
            "NOT_ON_THIS_BALLOT",
            "A proposal that was chosen is not on this ballot.",
            fields={f"choices[{i}].proposal_id": "is not on this ballot" for i in positions},
        )


class ChosenTwice(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "CHOSEN_TWICE",
            "Name each proposal once, with all the votes for it.",
            fields={"choices": "must name each proposal once"},
        )


class TooManyVotes(Invalid):
    def __init__(self, most: int, each: int) -> None:
        super().__init__(
            "TOO_MANY_VOTES",
            f"You have at most {most} votes, and at most {each} for one proposal.",
            fields={"choices": f"must hold at most {most} votes, at most {each} for one proposal"},
        )


class PurseExceeded(Invalid):
    def __init__(self, cost_cents: int, budget_cents: int) -> None:
        super().__init__(
            "PURSE_EXCEEDED",
            f"What you chose costs {cost_cents} cents, and the budget is {budget_cents}; leave something out.",
            fields={"choices": f"must cost at most {budget_cents} cents together"},
        )


class BallotNotCounted(NotNow):
    def __init__(self) -> None:
        super().__init__("BALLOT_NOT_COUNTED", "The votes are not counted yet; try again in a moment.")


class TooFewVotes(NotNow):
    def __init__(self, min_votes: int) -> None:
        super().__init__(
            "TOO_FEW_VOTES",
            f"Fewer than {min_votes} people voted: it does not count, and totals would tell how they voted. Cancel it.",
            details={"min_votes": str(min_votes)},
        )
