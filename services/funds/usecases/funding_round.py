"""Planning rounds, opening and closing them by the clock, and telling what came of them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from chassis.fields import Check, Day, Id, Line, OptionalId, PageSize, PageToken
from chassis.ports import Caller, Page, PageRequest, Transaction, new_id
from lor import CITY, OptionalRegion
from services.funds.domain.budget import BudgetStatus
from services.funds.domain.facts import (
    RoundCancelled,
    RoundClosed,
    RoundDecided,
    RoundOpened,
    RoundPlanned,
    RoundPublished,
    RoundRescheduled,
)
from services.funds.domain.funding_round import FundingRound, RoundStatus, plan_round
from services.funds.domain.refusals.budget import BudgetNotReleased
from services.funds.domain.refusals.funding_round import (
    FundIsRolling,
    MinutesNotApproved,
    RoundHasDecided,
    RoundHasUndecided,
)
from services.funds.usecases.ports import Applications, Budgets, Funds, Rounds, Sessions

OPEN_ROUND = "open_round"
CLOSE_ROUND = "close_round"
ROUND_CANCELLED = "round_cancelled"
# In a round that has not opened yet.
MOST_LATE = 500

Instant = Annotated[datetime, Check(lambda v: 2000 <= v.year <= 2200, "must be between the years 2000 and 2200")]


@dataclass(frozen=True, slots=True)
class PlanRound:
    budget_id: Id
    name: Line
    opens_on: Day
    closes_on: Day
    session_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class RescheduleRound:
    round_id: Id
    opens_on: Day
    closes_on: Day
    session_at: Instant | None = None
    etag: str = ""


@dataclass(frozen=True, slots=True)
class ReopenRound:
    round_id: Id
    closes_on: Day
    reason: Line
    etag: str = ""


@dataclass(frozen=True, slots=True)
class CancelRound:
    round_id: Id
    reason: Line
    etag: str = ""


@dataclass(frozen=True, slots=True)
class ConcludeRound:
    round_id: Id
    etag: str = ""


@dataclass(frozen=True, slots=True)
class PublishRound:
    round_id: Id
    etag: str = ""


@dataclass(frozen=True, slots=True)
class GetRound:
    round_id: Id


@dataclass(frozen=True, slots=True)
class ListRounds:
    region: OptionalRegion = ""
    fund_id: OptionalId = ""
    status: RoundStatus | None = None
    page_size: PageSize = 0
    page_token: PageToken = ""


class RoundUseCases:
    def __init__(
        self, funds: Funds, budgets: Budgets, rounds: Rounds, applications: Applications, sessions: Sessions
    ) -> None:
        self._funds, self._budgets, self._rounds = funds, budgets, rounds
        self._applications, self._sessions = applications, sessions

    async def plan_round(self, tx: Transaction, command: PlanRound, caller: Caller) -> FundingRound:
        budget = await self._budgets.get(command.budget_id, tx)
        caller.require("fund_office", region=budget.region)
        if budget.status is BudgetStatus.CLOSED:
            raise BudgetNotReleased(budget.status)
        fund = await self._funds.get(budget.fund_id, tx)
        if fund.rules.rolling:
            raise FundIsRolling
        await self._budgets.hold(tx, budget.id)
        planned = plan_round(
            fund,
            id=new_id(),
            budget_id=budget.id,
            region=budget.region,
            year=budget.year,
            name=command.name,
            opens_on=command.opens_on,
            closes_on=command.closes_on,
            session_at=command.session_at,
            at=tx.at,
        )
        tx.set_timer(planned.id, OPEN_ROUND, planned.opens_at)
        return await self._rounds.add(tx, planned, RoundPlanned(planned))

    async def reschedule_round(self, tx: Transaction, command: RescheduleRound, caller: Caller) -> FundingRound:
        funding_round = await self._of_office(tx, command.round_id, command.etag, caller)
        moved = funding_round.rescheduled(command.opens_on, command.closes_on, command.session_at, tx.at)
        self._set_timer(tx, moved)
        return await self._rounds.save(tx, moved, RoundRescheduled(moved))

    async def reopen_round(self, tx: Transaction, command: ReopenRound, caller: Caller) -> FundingRound:
        funding_round = await self._of_office(tx, command.round_id, command.etag, caller)
        reopened = funding_round.reopened(command.closes_on, tx.at)
        await self._require_none_decided(tx, reopened)
        self._set_timer(tx, reopened)
        return await self._rounds.save(tx, reopened, RoundOpened(reopened, command.reason))

    async def cancel_round(self, tx: Transaction, command: CancelRound, caller: Caller) -> FundingRound:
        funding_round = await self._of_office(tx, command.round_id, command.etag, caller)
        cancelled = funding_round.cancelled(command.reason)
        await self._require_none_decided(tx, cancelled)
        tx.cancel_timer(cancelled.id, OPEN_ROUND)
        tx.cancel_timer(cancelled.id, CLOSE_ROUND)
        tx.set_timer(cancelled.id, ROUND_CANCELLED, tx.at)
        return await self._rounds.save(tx, cancelled, RoundCancelled(cancelled, command.reason))

    async def conclude_round(self, tx: Transaction, command: ConcludeRound, caller: Caller) -> FundingRound:
        funding_round = await self._of_office(tx, command.round_id, command.etag, caller)
        decided = funding_round.decided()
        await self._require_all_decided(tx, decided)
        return await self._rounds.save(tx, decided, RoundDecided(decided))

    async def publish_round(self, tx: Transaction, command: PublishRound, caller: Caller) -> FundingRound:
        funding_round = await self._of_office(tx, command.round_id, command.etag, caller)
        published = funding_round.published()
        await self._require_all_decided(tx, published)
        await self._require_minutes(tx, published)
        return await self._rounds.save(tx, published, RoundPublished(published))

    async def get_round(self, query: GetRound, caller: Caller) -> FundingRound:
        return await self._rounds.get(query.round_id)

    async def list_rounds(self, query: ListRounds, caller: Caller) -> Page[FundingRound]:
        request = PageRequest(query.page_size, query.page_token, caller.sub)
        return await self._rounds.listed(query.region or CITY, query.fund_id, query.status, request)

    async def open_due(self, tx: Transaction, round_id: str) -> None:
        """The `open_round` timer."""
        funding_round = await self._rounds.get(round_id, tx)
        opened = await self._opened(tx, funding_round)
        self._set_timer(tx, opened)
        await self._rounds.save(tx, opened, RoundOpened(opened))

    async def close_due(self, tx: Transaction, round_id: str) -> None:
        """The `close_round` timer."""
        closed = (await self._rounds.get(round_id, tx)).closed()
        await self._rounds.save(tx, closed, RoundClosed(closed))

    async def begin_deciding(self, tx: Transaction, round_id: str) -> None:
        """What the first session on the round brings with it; later ones change nothing."""
        funding_round = await self._rounds.get(round_id, tx)
        if funding_round.status in (RoundStatus.DECIDING, RoundStatus.DECIDED, RoundStatus.PUBLISHED):
            return
        facts: tuple[object, ...] = ()
        if funding_round.is_over_at(tx.at):
            # By the calendar: no timer that is late keeps a jury waiting.
            if funding_round.status is RoundStatus.PLANNED:
                funding_round = await self._opened(tx, funding_round)
                facts = (RoundOpened(funding_round),)
            funding_round = funding_round.closed()
            facts = (*facts, RoundClosed(funding_round))
            tx.cancel_timer(round_id, OPEN_ROUND)
            tx.cancel_timer(round_id, CLOSE_ROUND)
        await self._rounds.save(tx, funding_round.deciding(), *facts)

    async def _opened(self, tx: Transaction, planned: FundingRound) -> FundingRound:
        """The round with the rules of its opening, which hold for what came late from the one before, too."""
        opened = planned.opened(await self._funds.get(planned.fund_id, tx))
        for application in await self._applications.left_in(tx, opened.id, MOST_LATE):
            if application.rules != opened.rules:
                await self._applications.save(tx, replace(application, rules=opened.rules))
        return opened

    async def _require_all_decided(self, tx: Transaction, funding_round: FundingRound) -> None:
        if undecided := await self._applications.undecided(tx, funding_round.id):
            raise RoundHasUndecided(undecided)

    async def _require_minutes(self, tx: Transaction, funding_round: FundingRound) -> None:
        decided_by = await self._applications.sessions_of(funding_round.fund_id, funding_round.id)
        if sitting := await self._sessions.without_minutes(tx, funding_round.region, funding_round.id, decided_by):
            raise MinutesNotApproved(sitting)

    async def _require_none_decided(self, tx: Transaction, funding_round: FundingRound) -> None:
        if decided := await self._applications.decided(tx, funding_round.fund_id, funding_round.id):
            raise RoundHasDecided(decided)

    async def _of_office(self, tx: Transaction, round_id: str, etag: str, caller: Caller) -> FundingRound:
        funding_round = await self._rounds.get(round_id, tx, etag=etag)
        caller.require("fund_office", region=funding_round.region)
        return funding_round

    def _set_timer(self, tx: Transaction, funding_round: FundingRound) -> None:
        if funding_round.status is RoundStatus.PLANNED:
            tx.set_timer(funding_round.id, OPEN_ROUND, funding_round.opens_at)
        elif funding_round.status is RoundStatus.OPEN:
            tx.set_timer(funding_round.id, CLOSE_ROUND, funding_round.closes_at)
