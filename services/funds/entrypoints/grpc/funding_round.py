"""RoundService: funding rounds."""

from chassis.rpc import Api, command, query
from services.funds.usecases import UseCases
from services.funds.usecases.funding_round import (
    CancelRound,
    ConcludeRound,
    GetRound,
    ListRounds,
    PlanRound,
    PublishRound,
    ReopenRound,
    RescheduleRound,
)


def round_api(do: UseCases) -> Api:
    return Api(
        "kiezwerk.funds.v1.RoundService",
        command("PlanRound", PlanRound, do.rounds.plan_round, "round"),
        command("RescheduleRound", RescheduleRound, do.rounds.reschedule_round, "round"),
        command("ReopenRound", ReopenRound, do.rounds.reopen_round, "round"),
        command("CancelRound", CancelRound, do.rounds.cancel_round, "round"),
        command("ConcludeRound", ConcludeRound, do.rounds.conclude_round, "round"),
        command("PublishRound", PublishRound, do.rounds.publish_round, "round"),
        query("GetRound", GetRound, do.rounds.get_round, "round"),
        query("ListRounds", ListRounds, do.rounds.list_rounds, "rounds"),
    )
