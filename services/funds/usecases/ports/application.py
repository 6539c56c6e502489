"""Where applications, juries and sessions are kept."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from chassis.ports import Aggregates, Page, PageRequest, Transaction
from services.funds.domain.application import Application, ApplicationStatus
from services.funds.domain.asked import Asked
from services.funds.domain.jury import Jury
from services.funds.domain.jury_session import JurySession, SessionStatus


class Applications(Aggregates[Application], Protocol):
    async def listed(
        self, region: str, fund_id: str, round_id: str, status: ApplicationStatus | None, request: PageRequest
    ) -> Page[Application]:
        """Those at home in `region` or below it, newest first; drafts are nobody's but the applicant's."""
        ...

    async def owned(self, owner: str, request: PageRequest) -> Page[Application]:
        """Those of an applicant: the `sub` that drafted, or an actor's id; newest first."""
        ...

    async def undecided(self, tx: Transaction, round_id: str) -> int:
        """How many of a round are handed in, and neither decided, refused, deferred nor withdrawn."""
        ...

    async def asked_in_round(self, fund_id: str, round_id: str) -> Asked:
        """What was handed in, also what was withdrawn later: the sum of a closed round stays as it is."""
        ...

    async def asked_between(self, fund_id: str, region: str, first: datetime, end: datetime) -> Asked:
        """What was handed in outside of rounds for `region` or below it, from `first` to before `end`."""
        ...


class Juries(Aggregates[Jury], Protocol):
    async def listed(self, region: str, fund_id: str, request: PageRequest) -> Page[Jury]: ...


class Sessions(Aggregates[JurySession], Protocol):
    async def listed(
        self, region: str, fund_id: str, status: SessionStatus | None, request: PageRequest
    ) -> Page[JurySession]: ...
    async def with_minutes(self, region: str, budget_ids: Iterable[str], most: int) -> tuple[JurySession, ...]:
        """The newest sessions of `region` or below it that gave out these budgets and whose minutes are approved."""
        ...
