"""Who calls in a year of a district: people with their tokens, and the service that they call."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chassis.ports import Role, new_id
from tests.support.city import City
from tests.support.client import Client, Refused

OFFICE = Role("fund_office", regions=("11",))
TREASURER = Role("treasurer", regions=("11",))
OPERATOR = Role("operator")
AUDITOR = Role("auditor")
APPLICANT = Role("applicant")
JURY = Role("jury", regions=("11",))


@dataclass
class Office:
    """Calls funds; `calls` counts by rpc what was answered, `refusals` by reason what was not."""

    city: City
    client: Client
    calls: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    _tokens: dict[str, str] = field(default_factory=dict)

    async def ask(self, rpc: str, sub: str, role: Role, /, **fields: Any) -> Any:
        if sub not in self._tokens:
            self._tokens[sub] = self.city.token(role, sub=sub)
        try:
            answer = await self.client.call(rpc, fields, token=self._tokens[sub], metadata={})
        except Refused as refusal:
            self.refusals[refusal.reason] += 1
            raise
        self.calls[rpc.rpartition("/")[2]] += 1
        return answer

    async def office(self, rpc: str, /, **fields: Any) -> Any:
        return await self.ask(rpc, "office", OFFICE, **fields)

    async def is_refused(self, reason: str, rpc: str, sub: str, role: Role, /, **fields: Any) -> bool:
        """Whether the call is refused with this very reason; anything else goes on to the caller."""
        try:
            await self.ask(rpc, sub, role, **fields)
        except Refused as refusal:
            if refusal.reason != reason:
                raise
            return True
        return False

    async def today(self) -> date:
        answer = await self.ask("kiezwerk.lab.v1.LabService/GetTime", "operator", OPERATOR)
        found: date = answer.time.ToDatetime(UTC).date()
        return found

    async def reach(self, day: date, hour: int = 9) -> None:
        """Move the calendar; answers when all that is due by then has happened and is published."""
        await self._set(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))

    async def _set(self, instant: datetime) -> None:
        try:
            time = instant.isoformat().replace("+00:00", "Z")
            await self.ask("kiezwerk.lab.v1.LabService/SetTime", "operator", OPERATOR, time=time)
        except Refused as refusal:
            if refusal.reason != "TIME_GOES_FORWARD":
                raise
            # It moved, and did not answer in time; a little further, and what is due by then is waited for again.
            answer = await self.ask("kiezwerk.lab.v1.LabService/GetTime", "operator", OPERATOR)
            await self._set(answer.time.ToDatetime(UTC) + timedelta(seconds=5))


def at_six(day: date) -> dict[str, str]:
    starts = datetime(day.year, day.month, day.day, 17, tzinfo=UTC)
    return {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=3)).isoformat()}


def somebody() -> str:
    return f"resident-{new_id()}"
