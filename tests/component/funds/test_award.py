"""Awards in a running service: the last euros of a pot, the cap, the office that decides, and what is cancelled."""

import asyncio
from typing import Any

import pytest

from chassis.refusals import Refusal
from tests.support.city import Started
from tests.support.client import Refused, refused
from tests.support.funds import AUDITOR, OFFICE, a_pot, move
from tests.support.funds_grant import award
from tests.support.funds_looks import balance, item
from tests.support.funds_round import Round, a_call

AWARDED, DECLINED, DEFERRED = 2, 3, 4
APPROVED_, DECLINED_, DEFERRED_, CANCELLED_, SCHEDULED_, ADMISSIBLE_ = 7, 8, 9, 11, 6, 4


async def ready_for_the_last_euros(funds: Started) -> tuple[list[Round], list[Any]]:
    """Two sessions of two juries' worth of votes, and a pot that holds enough for one of the two awards."""
    call = await a_call(funds)
    applications = [await call.apply(80_000), await call.apply(80_000)]
    await call.begin(*applications)
    for application in applications:
        await call.vote(application, "yes", "yes", "yes")
    await move(funds, "Cut", call.pot, 1_300_000 - 100_000)
    return [call, call], applications


async def test_two_awards_at_once_never_exceed_the_pot(funds: Started) -> None:
    calls, applications = await ready_for_the_last_euros(funds)
    outcomes = await asyncio.gather(
        *(call.conclude(application) for call, application in zip(calls, applications, strict=True)),
        return_exceptions=True,
    )
    failed = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert [(outcome.code, outcome.reason, outcome.details) for outcome in failed] == [
        ("FAILED_PRECONDITION", "BUDGET_EXCEEDED", {"available_cents": "20000"})
    ]
    assert await balance(funds, calls[0].pot) == (20_000, 80_000)
    states = sorted([(await calls[0].read(application)).status for application in applications])
    assert states == [SCHEDULED_, APPROVED_]


async def test_two_sessions_at_once_never_exceed_the_pot(funds: Started) -> None:
    first = await a_call(funds)
    applications = [await first.apply(80_000), await first.apply(80_000)]
    await first.begin(applications[0])
    second = Round(**{name: getattr(first, name) for name in Round.__dataclass_fields__} | {"session_id": ""})
    await second.begin(applications[1])
    for call, application in zip((first, second), applications, strict=True):
        await call.vote(application, "yes", "yes", "yes")
    await move(funds, "Cut", first.pot, 1_300_000 - 80_000)
    outcomes = await asyncio.gather(
        first.conclude(applications[0]), second.conclude(applications[1]), return_exceptions=True
    )
    assert [outcome.reason for outcome in outcomes if isinstance(outcome, Refused)] == ["BUDGET_EXCEEDED"]
    assert await balance(funds, first.pot) == (0, 80_000)


async def test_a_carried_motion_that_no_longer_fits_leaves_its_item_open(funds: Started) -> None:
    calls, applications = await ready_for_the_last_euros(funds)
    call, (one, other) = calls[0], applications
    await call.conclude(one)
    with refused("BUDGET_EXCEEDED", "FAILED_PRECONDITION"):
        await call.conclude(other)
    await call.vote(other, "yes", "yes", "yes", cents=20_000)
    assert item(await call.conclude(other), other).status == AWARDED
    assert await balance(funds, call.pot) == (0, 100_000)


async def test_the_same_request_awards_once(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply(80_000)
    await call.begin(application)
    await call.vote(application, "yes", "yes", "yes")
    request_id = "0189f7a0-0000-7000-8000-000000000001"
    first = await call.conclude(application, request_id=request_id)
    assert await call.conclude(application, request_id=request_id) == first
    assert await balance(funds, call.pot) == (1_220_000, 80_000)


async def test_above_the_cap_only_by_a_recorded_resolution_that_the_rules_allow(funds: Started) -> None:
    strict = await a_call(funds)
    application = await strict.apply(110_000)
    await strict.begin(application)
    await strict.vote(application, "yes", "yes", "yes")
    with refused("CAP_EXCEEDED", "FAILED_PRECONDITION"):
        await strict.conclude(application)
    with refused("CAP_HAS_NO_EXCEPTION", "FAILED_PRECONDITION"):
        await strict.act("ResolveException", application_id=application.id, reason="einmalig")
    generous = await a_call(funds, cap_exception_allowed=True)
    application = await generous.apply(110_000)
    await generous.begin(application)
    await generous.vote(application, "yes", "yes", "yes")
    with refused("CAP_EXCEEDED", "FAILED_PRECONDITION"):
        await generous.conclude(application)
    await generous.act("ResolveException", application_id=application.id, reason="einmalig")
    assert item(await generous.conclude(application), application).approved_cents == 110_000


async def test_the_office_decides_where_the_rules_leave_it_to_the_office(funds: Started) -> None:
    call = await a_call(funds, seats=0, decision_body="DECISION_BODY_OFFICE", jury_size=0, quorum_percent=0)
    one, other = await call.apply(80_000), await call.apply(50_000)
    for application in (one, other):
        await call.check("AdmitApplication", application)
    await call.end()
    award = {"budget_id": call.pot.budget_id, "amount_cents": 70_000}
    assert (await call.check("AwardApplication", one, **award)).outcome == "reduced"
    assert (await call.check("DeclineApplication", other, reason="kein Kiezbezug")).status == DECLINED_
    assert await balance(funds, call.pot) == (1_230_000, 70_000)
    jury = await a_call(funds)
    application = await jury.apply(80_000)
    with refused("DECIDED_BY_ANOTHER", "FAILED_PRECONDITION"):
        await jury.check("AwardApplication", application, **award)


async def test_a_cancelled_grant_cancels_its_application_and_frees_the_money(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply(80_000)
    await call.begin(application)
    await call.vote(application, "yes", "yes")
    grant_id = item(await call.conclude(application), application).grant_id
    cancel = {"grant_id": grant_id, "reason": "findet nicht statt"}
    await funds.call("GrantService/CancelGrant", cancel, OFFICE, sub="office")
    cancelled = await call.read(application)
    assert (cancelled.status, cancelled.course[-1].reason) == (CANCELLED_, "findet nicht statt")
    assert await balance(funds, call.pot) == (1_300_000, 0)


async def test_many_awards_at_once_give_out_the_pot_and_not_a_cent_more(funds: Started) -> None:
    call = await a_call(funds, seats=3)
    applications = [await call.apply(30_000) for _ in range(8)]
    await call.begin(*applications)
    for application in applications:
        await call.vote(application, "yes", "yes")
    await move(funds, "Cut", call.pot, 1_300_000 - 100_000)
    outcomes = await asyncio.gather(*(call.conclude(a) for a in applications), return_exceptions=True)
    refusals = [outcome.reason for outcome in outcomes if isinstance(outcome, Refused)]
    assert refusals == ["BUDGET_EXCEEDED"] * 5
    assert await balance(funds, call.pot) == (10_000, 90_000)


@pytest.mark.timeout(180)
async def test_two_hundred_awards_at_once_give_out_the_pot_and_not_a_cent_more(funds: Started) -> None:
    pot = await a_pot(funds, released_cents=190 * 50_000)
    outcomes = await asyncio.gather(*(award(funds, pot) for _ in range(200)), return_exceptions=True)
    refusals = [outcome.reason for outcome in outcomes if isinstance(outcome, Refusal)]
    assert refusals == ["BUDGET_EXCEEDED"] * 10
    assert await balance(funds, pot) == (0, 190 * 50_000)
    assert (await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)).correct
