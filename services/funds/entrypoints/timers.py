"""What funds does when a time has come."""

from chassis.timers import TimerHandler
from services.funds.usecases import UseCases
from services.funds.usecases.application import INFO_DUE
from services.funds.usecases.ballot_count import CLOSE_BALLOT
from services.funds.usecases.funding_round import CLOSE_ROUND, OPEN_ROUND, ROUND_CANCELLED
from services.funds.usecases.grant_timers import DUE, OVERDUE, REFUND, STARTS
from services.funds.usecases.jury import JURY_TERMS
from services.funds.usecases.written_procedure import WRITTEN_ENDS


def timers(do: UseCases) -> dict[str, TimerHandler]:
    return {
        OPEN_ROUND: do.rounds.open_due,
        CLOSE_ROUND: do.rounds.close_due,
        ROUND_CANCELLED: do.withdrawals.round_cancelled,
        CLOSE_BALLOT: do.ballot_count.close_due,
        INFO_DUE: do.admission.info_falls_overdue,
        JURY_TERMS: do.juries.terms_end,
        WRITTEN_ENDS: do.concluding.end_written_procedure,
        STARTS: do.grants.start,
        DUE: do.grants.proof_falls_due,
        OVERDUE: do.grants.proof_falls_overdue,
        REFUND: do.grants.refund_falls_overdue,
    }
