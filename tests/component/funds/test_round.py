"""Rounds of a running service: opened and closed by the clock, moved and mended by the office."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.ports import end_of_day
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import OFFICE, RULES, Pot, a_pot


async def plan(funds: Started, pot: Pot, first: int = 4, days: int = 18, **more: Any) -> Any:
    """A round of `pot` that opens `first` days from now, for so many more days."""
    opens_on = (await funds.now()).date() + timedelta(days=first)
    request = {
        "budget_id": pot.budget_id,
        "name": "Kiezfonds, first round",
        "opens_on": opens_on.isoformat(),
        "closes_on": (opens_on + timedelta(days=days)).isoformat(),
        **more,
    }
    return (await funds.call("RoundService/PlanRound", request, OFFICE)).round


async def act(funds: Started, what: str, funding_round: Any, **more: Any) -> Any:
    request = {"round_id": funding_round.id, **more}
    return (await funds.call(f"RoundService/{what}Round", request, OFFICE)).round


async def read(funds: Started, funding_round: Any) -> Any:
    return (await funds.call("RoundService/GetRound", {"round_id": funding_round.id})).round


async def at(funds: Started, instant: datetime) -> None:
    await funds.move_clock(max(instant, await funds.now()))


async def facts(funds: Started, funding_round: Any) -> list[str]:
    return [message.fact for message in await funds.published(funding_round.id)]


def day(text: str) -> date:
    return date.fromisoformat(text)


async def opened(funds: Started, **more: Any) -> Any:
    funding_round = await plan(funds, await a_pot(funds), **more)
    await at(funds, _utc(funding_round.opens_at))
    return await read(funds, funding_round)


async def closed(funds: Started) -> Any:
    funding_round = await opened(funds)
    await at(funds, _utc(funding_round.closes_at))
    return await read(funds, funding_round)


async def test_the_clock_opens_and_closes_a_round(funds: Started) -> None:
    planned = await plan(funds, await a_pot(funds))
    assert planned.status == 1
    assert _utc(planned.closes_at) == end_of_day(day(planned.closes_on))
    await at(funds, _utc(planned.opens_at) - timedelta(minutes=1))
    assert (await read(funds, planned)).status == 1
    await at(funds, _utc(planned.opens_at))
    assert (await read(funds, planned)).status == 2
    await at(funds, _utc(planned.closes_at) - timedelta(minutes=1))
    assert (await read(funds, planned)).status == 2
    await at(funds, _utc(planned.closes_at))
    assert (await read(funds, planned)).status == 3
    assert await facts(funds, planned) == ["round_planned", "round_opened", "round_closed"]


async def test_a_leap_over_the_whole_round_opens_and_closes_it(funds: Started) -> None:
    planned = await plan(funds, await a_pot(funds))
    await at(funds, _utc(planned.closes_at) + timedelta(days=3))
    assert await facts(funds, planned) == ["round_planned", "round_opened", "round_closed"]


async def test_a_round_keeps_the_rules_it_opened_with(funds: Started) -> None:
    pot = await a_pot(funds)
    planned = await plan(funds, pot)
    assert not planned.HasField("rules")
    await at(funds, _utc(planned.opens_at))
    change = {"fund_id": pot.fund_id, "rules": RULES | {"cap_cents": 1}, "reason": "council paper"}
    await funds.call("FundService/ChangeFundRules", change, OFFICE)
    kept = await read(funds, planned)
    assert (kept.rules.cap_cents, kept.rules_version) == (100_000, 1)


async def test_a_moved_deadline_moves_the_clock_with_it(funds: Started) -> None:
    funding_round = await opened(funds)
    later = day(funding_round.closes_on) + timedelta(days=7)
    moved = await act(funds, "Reschedule", funding_round, opens_on=funding_round.opens_on, closes_on=later.isoformat())
    await at(funds, _utc(funding_round.closes_at))
    assert (await read(funds, moved)).status == 2
    await at(funds, _utc(moved.closes_at))
    assert (await read(funds, moved)).status == 3
    assert await facts(funds, moved) == ["round_planned", "round_opened", "round_rescheduled", "round_closed"]


async def test_a_cancelled_round_never_opens(funds: Started) -> None:
    planned = await plan(funds, await a_pot(funds))
    cancelled = await act(funds, "Cancel", planned, reason="the budget was cut")
    assert cancelled.status == 7
    await at(funds, _utc(planned.closes_at))
    assert await facts(funds, planned) == ["round_planned", "round_cancelled"]
    assert (await funds.said(planned.id))[-1].body["reason"] == "the budget was cut"
    with refused("ROUND_CANCELLED", "FAILED_PRECONDITION"):
        await act(funds, "Cancel", planned, reason="twice")


async def test_a_closed_round_is_opened_again_with_a_reason(funds: Started) -> None:
    funding_round = await closed(funds)
    later = (await funds.now()).date() + timedelta(days=5)
    again = await act(funds, "Reopen", funding_round, closes_on=later.isoformat(), reason="the form was broken")
    assert (again.status, again.closes_on) == (2, later.isoformat())
    await at(funds, _utc(again.closes_at))
    assert (await read(funds, again)).status == 3
    assert (await facts(funds, again))[-2:] == ["round_opened", "round_closed"]


@pytest.mark.parametrize("what", ["Conclude", "Publish"])
async def test_a_round_that_is_not_decided_is_not_told_as_decided(funds: Started, what: str) -> None:
    planned = await plan(funds, await a_pot(funds))
    with refused("ROUND_PLANNED", "FAILED_PRECONDITION"):
        await act(funds, what, planned)


async def test_a_rolling_fund_has_no_rounds(funds: Started) -> None:
    with refused("FUND_IS_ROLLING", "FAILED_PRECONDITION"):
        await plan(funds, await a_pot(funds, rolling=True))


async def test_days_that_cannot_be_are_named(funds: Started) -> None:
    pot = await a_pot(funds)
    with refused("ROUND_DATES_WRONG", "INVALID_ARGUMENT", "closes_on"):
        await plan(funds, pot, days=-1)
    with refused("ROUND_DATES_WRONG", "INVALID_ARGUMENT", "closes_on"):
        await plan(funds, pot, first=-20, days=3)
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "opens_on"):
        await plan(funds, pot, opens_on="22 January")
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "session_at"):
        await plan(funds, pot, session_at="9999-12-31T23:59:59Z")


async def test_rounds_are_listed_newest_first(funds: Started) -> None:
    pot = await a_pot(funds)
    first, second = await plan(funds, pot), await plan(funds, pot, first=40)
    page = await funds.call("RoundService/ListRounds", {"fund_id": pot.fund_id, "region": "1140"})
    assert [r.id for r in page.rounds] == [second.id, first.id]
    page = await funds.call("RoundService/ListRounds", {"fund_id": pot.fund_id, "status": "ROUND_STATUS_OPEN"})
    assert not page.rounds


def _utc(timestamp: Any) -> datetime:
    return timestamp.ToDatetime(UTC)  # type: ignore[no-any-return]  # a protobuf Timestamp
