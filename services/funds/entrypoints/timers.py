"""What funds does when a time has come."""

from chassis.timers import TimerHandler
from services.funds.usecases import UseCases
from services.funds.usecases.funding_round import CLOSE_ROUND, OPEN_ROUND
from services.funds.usecases.grant import DUE, OVERDUE, REFUND, STARTS


def timers(do: UseCases) -> dict[str, TimerHandler]:
    return {
        OPEN_ROUND: do.rounds.open_due,
        CLOSE_ROUND: do.rounds.close_due,
        STARTS: do.grants.start,
        DUE: do.grants.proof_falls_due,
        OVERDUE: do.grants.proof_falls_overdue,
        REFUND: do.grants.refund_falls_overdue,
    }
