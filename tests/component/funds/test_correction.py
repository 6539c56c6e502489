"""Corrections in a running service: a vote, a recusal, a decision; with the money that follows, and its limits."""

from typing import Any

from chassis.ports import new_id
from tests.support.city import Started
from tests.support.client import refused
from tests.support.count import from_record
from tests.support.funds import AUDITOR, OFFICE
from tests.support.funds_corrected import agree, balance, decided, item, vote
from tests.support.funds_grant import TREASURER
from tests.support.funds_round import JURY, a_call

OPEN, CLOSED = 3, 4
ITEM_OPEN, AWARDED, DECLINED = 1, 2, 3
SCHEDULED_, APPROVED_, DECLINED_ = 6, 7, 8


async def test_a_corrected_vote_that_changes_nothing_is_counted_and_kept(funds: Started) -> None:
    call, application = await decided(funds, "yes", "yes", "yes", "no")
    await call.act("CloseSession")
    session = await call.act("CorrectVote", **vote(call, application, 2, "ABSTAIN"))
    line = item(session, application)
    assert (session.status, line.status, line.tally.yes, line.tally.abstain) == (CLOSED, AWARDED, 2, 1)
    assert [(v.before, v.after, v.by, v.reason) for v in line.corrected_votes] == [(1, 3, "office", "verhört")]
    assert await balance(call) == (1_220_000, 80_000)
    with refused("NOTHING_TO_CORRECT", "FAILED_PRECONDITION"):
        await call.act("CorrectVote", **vote(call, application, 2, "ABSTAIN"))
    with refused("NOTHING_TO_CORRECT", "FAILED_PRECONDITION"):
        await call.act("CorrectVote", **vote(call, application, 4, "NO"))
    with refused("NOT_THE_CHAIR", "PERMISSION_DENIED"):
        await call.act("CorrectVote", JURY, sub=call.subs[1], **vote(call, application, 2, "NO"))
    await call.act("ApproveMinutes")
    with refused("SESSION_MINUTES_APPROVED", "FAILED_PRECONDITION"):
        await call.act("CorrectVote", **vote(call, application, 2, "NO"))


async def test_a_corrected_vote_that_turns_the_decision_takes_the_award_back_and_decides_anew(funds: Started) -> None:
    call, application = await decided(funds, "yes", "yes", "no")
    first = (await call.read(application)).grant_id
    await call.act("CloseSession")
    session = await call.act("CorrectVote", **vote(call, application, 0, "NO"))
    assert (session.status, item(session, application).status) == (OPEN, ITEM_OPEN)
    assert await balance(call) == (1_300_000, 0)
    again = await call.read(application)
    assert (again.status, again.approved_cents, again.grant_id) == (SCHEDULED_, 0, "")
    revised = (await funds.said(application.id))[-1]
    assert (revised.fact, revised.body["previous_cents"], revised.body["reason"]) == (
        "decision_revised",
        80_000,
        "verhört",
    )
    assert revised.subject.startswith("kiez.int.")
    assert (await funds.said(call.session_id))[-1].fact == "session_reopened"
    await call.act("CorrectVote", **vote(call, application, 0, "YES"))
    awarded = item(await call.conclude(application), application)
    assert (awarded.status, awarded.grant_id) == (AWARDED, first)
    assert [message.fact for message in await funds.said(first)] == [
        "grant_awarded",
        "grant_cancelled",
        "grant_awarded",
    ]
    assert await balance(call) == (1_220_000, 80_000)
    await call.act("CloseSession")
    read = (await funds.call("SessionService/GetSession", {"session_id": call.session_id}, AUDITOR)).session
    assert from_record(read) == {application.id: ("carried", "carried")}
    assert not (await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)).differences


async def test_who_moved_resolved_concluded_or_corrected_has_decided_and_does_not_pay(funds: Started) -> None:
    call = await a_call(funds, payout="PAYOUT_ADVANCE", cap_cents=50_000, cap_exception_allowed=True)
    application = await call.apply(80_000)
    await call.begin(application)
    one = {"application_id": application.id}
    await call.act("PutMotion", sub="mover", **one, amount_cents=80_000)
    await call.act("ResolveException", sub="resolver", **one, reason="einmalig")
    for sub in call.subs[:4]:
        await call.act("CastVote", JURY, sub=sub, **one, choice="CHOICE_YES")
    await call.act("ConcludeItem", sub="chair", **one)
    await call.act("CorrectVote", sub="corrector", **vote(call, application, 0, "ABSTAIN"))
    await agree(call, application)
    order = {"grant_id": (await call.read(application)).grant_id, "amount_cents": 100}
    for sub in ("mover", "resolver", "chair", "corrector", call.subs[0]):
        with refused("DECIDER_MAY_NOT_PAY", "PERMISSION_DENIED"):
            await funds.call("PaymentService/OrderPayment", order, TREASURER, sub=sub)
    await funds.call("PaymentService/OrderPayment", order, TREASURER, sub="clerk")


async def test_what_is_agreed_on_is_not_taken_back_by_a_correction(funds: Started) -> None:
    call, application = await decided(funds, "yes", "yes", "no")
    await agree(call, application)
    with refused("GRANT_NOT_READY", "FAILED_PRECONDITION"):
        await call.act("CorrectVote", **vote(call, application, 0, "NO"))
    recusal = {"application_id": application.id, "member_id": call.members[0], "reason": "Nachbar"}
    with refused("GRANT_NOT_READY", "FAILED_PRECONDITION"):
        await call.act("EnterRecusal", **recusal)
    revise = {"application_id": application.id, "amount_cents": 50_000, "reason": "Tippfehler"}
    with refused("GRANT_NOT_READY", "FAILED_PRECONDITION"):
        await funds.call("ApplicationService/ReviseDecision", revise, OFFICE)
    assert await balance(call) == (1_220_000, 80_000)


async def test_what_may_take_an_award_back_asks_for_a_request_id_and_is_done_once(funds: Started) -> None:
    call, application = await decided(funds, "yes", "yes", "yes", "no")
    one = {"application_id": application.id, "reason": "Nachbar"}
    recusal = one | {"session_id": call.session_id, "member_id": call.members[0]}
    for rpc, request in {
        "SessionService/EnterRecusal": recusal,
        "ApplicationService/WithdrawApplication": one,
    }.items():
        with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "request_id"):
            await funds.call(rpc, request | {"request_id": ""}, OFFICE, sub="office")
        assert await balance(call) == (1_220_000, 80_000)
        once = request | {"request_id": new_id()}
        first = await funds.call(rpc, once, OFFICE, sub="office")
        assert await balance(call) == (1_300_000, 0)
        assert await funds.call(rpc, once, OFFICE, sub="office") == first
        if rpc == "SessionService/EnterRecusal":
            await call.conclude(application)


async def test_the_office_gives_no_more_than_a_session_voted_on_and_the_recount_shows_what_it_revised(
    funds: Started,
) -> None:
    call = await a_call(funds, cap_exception_allowed=True, cap_cents=100_000)
    application = await call.apply(150_000)
    await call.begin(application)
    await call.vote(application, "yes", "yes", "yes", cents=10_000)
    await call.conclude(application)
    for more in ({"amount_cents": 10_001}, {"amount_cents": 150_000, "exceeds_cap": True}):
        with refused("ABOVE_THE_MOTION", "FAILED_PRECONDITION"):
            await call.check("ReviseDecision", application, reason="Tippfehler", **more)
    for cents in (4_000, 9_000):
        await call.check("ReviseDecision", application, reason="Tippfehler", amount_cents=cents)
    told = await funds.call("SessionService/RecomputeSession", {"session_id": call.session_id}, AUDITOR)
    (line,) = told.items
    assert (told.agrees, line.resolved_cents, line.approved_cents, line.revised) == (True, 10_000, 9_000, True)


async def test_a_decision_is_revised_within_the_bounds_of_an_award(funds: Started) -> None:
    call, application = await decided(funds, "yes", "yes", "yes")

    async def revise(**fields: Any) -> Any:
        request = {"application_id": application.id, "reason": "Tippfehler", **fields}
        return (await funds.call("ApplicationService/ReviseDecision", request, OFFICE, sub="office")).application

    lower = await revise(amount_cents=50_000, conditions=["Nur Pflanzen"])
    assert (lower.status, lower.approved_cents, lower.outcome, list(lower.conditions)) == (
        APPROVED_,
        50_000,
        "reduced",
        ["Nur Pflanzen"],
    )
    assert await balance(call) == (1_250_000, 50_000)
    assert (await revise(amount_cents=70_000)).course[-1].reason == "Tippfehler"
    assert await balance(call) == (1_230_000, 70_000)
    with refused("APPROVED_ABOVE_REQUESTED", "FAILED_PRECONDITION"):
        await revise(amount_cents=80_001)
    with refused("CAP_HAS_NO_EXCEPTION", "FAILED_PRECONDITION"):
        await revise(amount_cents=60_000, exceeds_cap=True)
    said = await funds.said(lower.grant_id)
    assert [(m.fact, m.body.get("previous_cents")) for m in said] == [
        ("grant_awarded", None),
        ("grant_revised", 80_000),
        ("grant_revised", 50_000),
    ]
    assert "Tippfehler" not in str([message.body for message in said])
    grant = (await funds.call("GrantService/GetGrant", {"grant_id": lower.grant_id}, AUDITOR)).grant
    assert (grant.approved_cents, "office" in grant.decided_by) == (70_000, True)
    assert (await revise()).status == DECLINED_
    assert await balance(call) == (1_300_000, 0)
    with refused("APPLICATION_DECLINED", "FAILED_PRECONDITION"):
        await revise(amount_cents=1)
    assert not (await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)).differences
