"""Where applications, juries and sessions are kept."""

from collections.abc import Collection, Iterable
from typing import Protocol

from chassis.ports import Aggregates, Page, PageRequest, Transaction
from services.funds.domain.application import Application, ApplicationStatus
from services.funds.domain.asked import AskedPart, Call
from services.funds.domain.jury import Jury
from services.funds.domain.jury_session import JurySession
from services.funds.domain.session_status import SessionStatus


class Applications(Aggregates[Application], Protocol):
    async def listed(
        self, region: str, fund_id: str, round_id: str, status: ApplicationStatus | None, request: PageRequest
    ) -> Page[Application]:
        """Those at home in `region` or below it, newest first; drafts are nobody's but the applicant's."""
        ...

    async def owned(self, owners: tuple[str, ...], request: PageRequest) -> Page[Application]:
        """Those of an applicant: the `sub` that drafted, or the ids that an actor has had; newest first."""
        ...

    async def of_actor(self, tx: Transaction, actor_id: str) -> tuple[Application, ...]:
        """Those that an actor made under this very id and that no decision has ended."""
        ...

    async def waiting(self, tx: Transaction, fund_id: str, region: str) -> tuple[Application, ...]:
        """The deferred ones of a fund in `region` or below it, oldest first."""
        ...

    async def undecided(self, tx: Transaction, round_id: str) -> int:
        """How many of a round are handed in, and neither decided, refused, deferred nor withdrawn."""
        ...

    async def decided(self, tx: Transaction, fund_id: str, round_id: str) -> int:
        """How many of a round got an award or were declined."""
        ...

    async def sessions_of(self, fund_id: str, round_id: str) -> tuple[str, ...]:
        """The sessions on whose agendas those of a round stand or stood last, but for what was put off."""
        ...

    async def left_in(self, tx: Transaction, round_id: str, most: int) -> tuple[Application, ...]:
        """At most so many of those that `undecided` counts, oldest first."""
        ...

    async def asked(self, call: Call, ids: Collection[str], *, among: bool) -> tuple[AskedPart, ...]:
        """What was handed in, of that what is `among` the `ids` or what is not; also what was withdrawn later.

        So the sum of a closed round stays as it is.
        """
        ...

    async def scheduled_once(self, call: Call) -> tuple[str, ...]:
        """The ids of those that have stood on an agenda and got no award."""
        ...


class Juries(Aggregates[Jury], Protocol):
    async def listed(self, region: str, fund_id: str, request: PageRequest) -> Page[Jury]: ...
    async def of_fund(self, tx: Transaction, fund_id: str, region: str) -> tuple[Jury, ...]:
        """All juries of a fund at home in `region`."""
        ...


class Sessions(Aggregates[JurySession], Protocol):
    async def next_after(self, tx: Transaction, session: JurySession) -> JurySession | None:
        """The next session of the same jury, or the next assembly of the same place, whose agenda is still open."""
        ...

    async def under_way(self, tx: Transaction, jury_id: str) -> bool:
        """Whether a session of this jury is open, or waits for its minutes."""
        ...

    async def listed(
        self, region: str, fund_id: str, status: SessionStatus | None, request: PageRequest
    ) -> Page[JurySession]: ...
    async def with_minutes(self, region: str, budget_ids: Iterable[str], most: int) -> tuple[JurySession, ...]:
        """The newest sessions of `region` or below it that gave out these budgets and whose minutes are approved."""
        ...

    async def without_minutes(self, tx: Transaction, region: str, round_id: str, session_ids: Collection[str]) -> int:
        """How many of these sessions, and of those held in `region` for a round, are open or wait for their minutes."""
        ...

    async def in_minutes(self, application_ids: Collection[str]) -> frozenset[str]:
        """Those of the applications that approved minutes list."""
        ...
