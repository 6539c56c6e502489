"""BallotService and VotingService: ballots on proposals, and the codes that people vote with."""

from chassis.rpc import Api, command, query
from services.funds.usecases import UseCases
from services.funds.usecases.ballot import DraftBallot, GetBallot, ListBallots, ReviseBallot, StepOfBallot
from services.funds.usecases.ballot_count import RecomputeBallot
from services.funds.usecases.voting_code import CastBallot, IssueCodes, ListCodeBatches, RevokeCodes

RECOUNT_SECONDS = 60.0
WRONG_CODES = ("CODE_MISTYPED", "CODE_UNKNOWN")


def ballot_api(do: UseCases) -> Api:
    one = "ballot"
    recompute = do.ballot_count.recompute_ballot
    return Api(
        "kiezwerk.funds.v1.BallotService",
        command("DraftBallot", DraftBallot, do.ballots.draft_ballot, one),
        command("ReviseBallot", ReviseBallot, do.ballots.revise_ballot, one),
        command("OpenBallot", StepOfBallot, do.ballots.open_ballot, one),
        command("PublishBallot", StepOfBallot, do.ballots.publish_ballot, one),
        command("CancelBallot", StepOfBallot, do.ballots.cancel_ballot, one),
        query("RecomputeBallot", RecomputeBallot, recompute, seconds=RECOUNT_SECONDS),
        query("GetBallot", GetBallot, do.ballots.get_ballot, one),
        query("ListBallots", ListBallots, do.ballots.list_ballots, "ballots"),
    )


def voting_api(do: UseCases) -> Api:
    codes = do.voting_codes
    return Api(
        "kiezwerk.funds.v1.VotingService",
        command("IssueCodes", IssueCodes, codes.issue_codes, secret=True),
        command("RevokeCodes", RevokeCodes, codes.revoke_codes, "batch"),
        query("ListCodeBatches", ListCodeBatches, codes.list_code_batches, "batches"),
        command(
            "CastBallot", CastBallot, codes.cast_ballot, locks=codes.code_locks, unrecorded=True, guesses=WRONG_CODES
        ),
    )
