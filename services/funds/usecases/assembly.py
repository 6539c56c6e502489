"""Assemblies: planned with a host, opened with all who came, and decided by hands that are counted."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Gt, Le

from chassis.fields import Email, Id, Line, OptionalId, OptionalLine
from chassis.ports import Caller, Transaction, new_id
from services.funds.domain import assembly
from services.funds.domain.facts.jury_session import SessionOpened, SessionPlanned
from services.funds.domain.fund_rules import DecisionBody
from services.funds.domain.hands import Hands
from services.funds.domain.jury_session import JurySession
from services.funds.domain.person import Language
from services.funds.domain.procedure import Procedure
from services.funds.domain.refusals.jury_session import JuryElsewhere, NoAssemblyForThis
from services.funds.domain.session_status import SessionKind
from services.funds.usecases.chairing import Chairing
from services.funds.usecases.deferring import DeferringUseCases
from services.funds.usecases.funding_round import RoundUseCases
from services.funds.usecases.jury_session import Instant
from services.funds.usecases.ports import Budgets, Funds, Persons, Rounds, Sessions

People = Annotated[int, Gt(0), Le(100_000)]
Raised = Annotated[int, Ge(0), Le(100_000)]
MotionNumber = Annotated[int, Ge(0), Le(10_000)]


@dataclass(frozen=True, slots=True)
class PlanAssembly:
    """`host_sub` is the host's token, where the host enters the counts."""

    budget_id: Id
    title: Line
    starts_at: Instant
    ends_at: Instant
    place: Line
    host_name: Line
    host_email: Email
    host_language: Language = Language.DE
    host_sub: OptionalLine = ""
    round_id: OptionalId = ""


@dataclass(frozen=True, slots=True)
class OpenAssembly:
    session_id: Id
    attended: People


@dataclass(frozen=True, slots=True)
class RecordHeadcount:
    session_id: Id
    attended: People


@dataclass(frozen=True, slots=True)
class CountHands:
    session_id: Id
    application_id: Id
    yes: Raised = 0
    no: Raised = 0
    abstain: Raised = 0
    motion_number: MotionNumber = 0


class AssemblyUseCases:
    def __init__(
        self,
        chairing: Chairing,
        funds: Funds,
        budgets: Budgets,
        rounds: Rounds,
        sessions: Sessions,
        persons: Persons,
        deferring: DeferringUseCases,
        deciding: RoundUseCases,
    ) -> None:
        self._chairing, self._funds, self._budgets, self._rounds = chairing, funds, budgets, rounds
        self._sessions, self._persons, self._deferring, self._deciding = sessions, persons, deferring, deciding

    async def plan_assembly(self, tx: Transaction, command: PlanAssembly, caller: Caller) -> JurySession:
        budget = await self._budgets.get(command.budget_id, tx)
        caller.require("fund_office", region=budget.region)
        fund = await self._funds.get(budget.fund_id, tx)
        if fund.rules.decision_body is not DecisionBody.ASSEMBLY:
            raise NoAssemblyForThis
        if command.round_id and (await self._rounds.get(command.round_id, tx)).budget_id != budget.id:
            raise JuryElsewhere("round_id")
        planned = JurySession(
            id=new_id(),
            region=budget.region,
            fund_id=fund.id,
            fund_name=fund.name,
            jury_id="",
            budget_id=budget.id,
            round_id=command.round_id,
            title=command.title,
            starts_at=command.starts_at,
            ends_at=command.ends_at,
            place=command.place,
            kind=SessionKind.ASSEMBLY,
            host_ref=await self._persons.keep(tx, command.host_name, command.host_email, command.host_language, by=""),
            host_sub=command.host_sub,
        ).timed(tx.at)
        gathered = await self._deferring.gather(tx, planned)
        return await self._sessions.add(tx, gathered, SessionPlanned(gathered))

    async def plan_locks(self, command: PlanAssembly) -> tuple[str, ...]:
        return ((await self._budgets.get(command.budget_id)).fund_id,)

    async def open_assembly(self, tx: Transaction, command: OpenAssembly, caller: Caller) -> JurySession:
        session, _ = await self._chairing.led(tx, command.session_id, caller)
        session.require_kind(SessionKind.ASSEMBLY)
        fund = await self._funds.get(session.fund_id, tx)
        if fund.rules.decision_body is not DecisionBody.ASSEMBLY:
            raise NoAssemblyForThis
        procedure = Procedure.freeze(fund.rules, fund.rules_version, seats=0)
        opened = assembly.open_assembly(session, command.attended, procedure, caller.sub, tx.at)
        if session.round_id:
            await self._deciding.begin_deciding(tx, session.round_id)
        return await self._sessions.save(tx, opened, SessionOpened(opened))

    async def record_headcount(self, tx: Transaction, command: RecordHeadcount, caller: Caller) -> JurySession:
        session, _ = await self._chairing.led(tx, command.session_id, caller)
        return await self._sessions.save(tx, assembly.recorded(session, command.attended))

    async def count_hands(self, tx: Transaction, command: CountHands, caller: Caller) -> JurySession:
        session, _ = await self._chairing.led_by_another(tx, command.session_id, command.application_id, caller)
        hands = Hands(command.yes, command.no, command.abstain, session.attended, caller.sub, tx.at)
        counted = assembly.count_hands(session, command.application_id, hands, command.motion_number)
        return await self._sessions.save(tx, counted)
