"""Where applications, juries and sessions are kept."""

from typing import Protocol

from chassis.ports import Aggregates, Page, PageRequest, Transaction
from services.funds.domain.application import Application, ApplicationStatus
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


class Juries(Aggregates[Jury], Protocol):
    async def listed(self, region: str, fund_id: str, request: PageRequest) -> Page[Jury]: ...


class Sessions(Aggregates[JurySession], Protocol):
    async def listed(
        self, region: str, fund_id: str, status: SessionStatus | None, request: PageRequest
    ) -> Page[JurySession]: ...
