"""Written procedures: planned where the rules allow them, opened for votes, and ended by the clock."""

from dataclasses import dataclass

from chassis.fields import Day, Id, Line, OptionalId
from chassis.ports import Caller, Transaction, berlin_day, end_of_day
from services.funds.domain.facts.jury_session import SessionOpened
from services.funds.domain.jury_composition import require_composed
from services.funds.domain.jury_session import JurySession
from services.funds.domain.procedure import Procedure
from services.funds.domain.refusals.jury_session import NotInWriting
from services.funds.domain.session_status import SessionKind
from services.funds.domain.written_procedure import IN_WRITING, open_written
from services.funds.usecases.chairing import Chairing
from services.funds.usecases.jury_session import Instant, PlanSession, SessionUseCases
from services.funds.usecases.ports import Funds, Juries, Sessions
from services.funds.usecases.sitting import SittingUseCases

WRITTEN_ENDS = "written_ends"


@dataclass(frozen=True, slots=True)
class PlanWrittenProcedure:
    """Votes are taken from its opening, on `starts_at`'s day or later, to the end of `votes_until`."""

    jury_id: Id
    budget_id: Id
    title: Line
    starts_at: Instant
    votes_until: Day
    round_id: OptionalId = ""


@dataclass(frozen=True, slots=True)
class OpenWrittenProcedure:
    session_id: Id


class WrittenProcedureUseCases:
    def __init__(
        self,
        chairing: Chairing,
        funds: Funds,
        juries: Juries,
        sessions: Sessions,
        planning: SessionUseCases,
        sitting: SittingUseCases,
    ) -> None:
        self._chairing, self._funds, self._juries, self._sessions = chairing, funds, juries, sessions
        self._planning, self._sitting = planning, sitting

    async def plan_written_procedure(
        self, tx: Transaction, command: PlanWrittenProcedure, caller: Caller
    ) -> JurySession:
        jury = await self._juries.get(command.jury_id, tx)
        caller.require("fund_office", region=jury.region)
        if not (await self._funds.get(jury.fund_id, tx)).rules.written_procedure_allowed:
            raise NotInWriting
        plan = PlanSession(
            jury_id=command.jury_id,
            budget_id=command.budget_id,
            title=command.title,
            starts_at=command.starts_at,
            ends_at=end_of_day(command.votes_until),
            place=IN_WRITING,
            round_id=command.round_id,
        )
        return await self._planning.planned(tx, plan, SessionKind.WRITTEN_PROCEDURE)

    async def open_written_procedure(
        self, tx: Transaction, command: OpenWrittenProcedure, caller: Caller
    ) -> JurySession:
        session, jury = await self._chairing.led(tx, command.session_id, caller)
        session.require_kind(SessionKind.WRITTEN_PROCEDURE)
        fund = await self._funds.get(session.fund_id, tx)
        if not fund.rules.written_procedure_allowed:
            raise NotInWriting
        day = berlin_day(tx.at)
        require_composed(jury, fund.rules, day)
        procedure = Procedure.freeze(fund.rules, fund.rules_version, jury.seats_filled_on(day))
        opened = await self._sitting.begun(tx, open_written(session, procedure, caller.sub, tx.at), jury)
        tx.set_timer(opened.id, WRITTEN_ENDS, opened.ends_at)
        return await self._sessions.save(tx, opened, SessionOpened(opened))
