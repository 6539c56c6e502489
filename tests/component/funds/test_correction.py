"""Corrections in a running service: a vote, a recusal, a decision; with the money that follows, and its limits."""

from typing import Any

from chassis.ports import new_id
from tests.support.city import Started
from tests.support.client import refused
from tests.support.count import from_record
from tests.support.funds import AUDITOR, OFFICE, a_pot
from tests.support.funds_grant import IBAN, TREASURER
from tests.support.funds_round import JURY, Round, a_call, a_known_actor, related

OPEN, CLOSED = 3, 4
ITEM_OPEN, AWARDED, DECLINED = 1, 2, 3
SCHEDULED_, APPROVED_, DECLINED_ = 6, 7, 8


async def balance(call: Round) -> tuple[int, int]:
    budget = (await call.funds.call("BudgetService/GetBudget", {"budget_id": call.pot.budget_id})).budget
    return budget.available_cents, budget.committed_cents


def item(session: Any, application: Any) -> Any:
    return next(item for item in session.agenda if item.application_id == application.id)


async def decided(funds: Started, *choices: str, **more: Any) -> tuple[Round, Any]:
    """One application of 800 € that was voted on and concluded."""
    call = await a_call(funds, **more)
    application = await call.apply(80_000)
    await call.begin(application)
    await call.vote(application, *choices)
    await call.conclude(application)
    return call, application


async def agree(call: Round, application: Any) -> None:
    grant_id = (await call.read(application)).grant_id
    payee = {"agreement_number": "L-1", "payee_name": "Anna Beispiel", "iban": IBAN}
    await call.funds.call("GrantService/AgreeGrant", {"grant_id": grant_id} | payee, OFFICE, sub="office")


def vote(call: Round, application: Any, member: int, choice: str) -> dict[str, Any]:
    said = {"application_id": application.id, "member_id": call.members[member], "choice": f"CHOICE_{choice}"}
    return said | {"reason": "verhört"}


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


async def test_a_recusal_that_is_found_later_opens_the_item_again(funds: Started) -> None:
    call, application = await decided(funds, "yes", "yes", "no")
    recusal = {"application_id": application.id, "member_id": call.members[0], "reason": "Nachbar"}
    session = await call.act("EnterRecusal", **recusal)
    line = item(session, application)
    assert (line.status, [v.member_id for v in line.votes]) == (ITEM_OPEN, call.members[1:3])
    assert [(v.member_id, v.before, v.after) for v in line.corrected_votes] == [(call.members[0], 1, 0)]
    assert await balance(call) == (1_300_000, 0)
    assert item(await call.conclude(application), application).status == DECLINED


async def test_a_recusal_entered_by_mistake_is_taken_back_and_the_same_award_made_again(funds: Started) -> None:
    call, application = await decided(funds, "yes", "yes", "no")
    first = (await call.read(application)).grant_id
    one = {"application_id": application.id, "reason": "verwechselt"}
    wrong = one | {"member_id": call.members[0]}
    await call.act("EnterRecusal", **wrong)
    line = item(await call.act("TakeBackRecusal", **wrong), application)
    assert (list(line.recusals), line.status) == ([], ITEM_OPEN)
    assert [(c.before.member_id, c.by, c.reason) for c in line.corrected_recusals] == [
        (call.members[0], "office", "verwechselt")
    ]
    with refused("NOTHING_TO_CORRECT", "FAILED_PRECONDITION"):
        await call.act("TakeBackRecusal", **wrong)
    await call.act("CastVote", JURY, sub=call.subs[0], application_id=application.id, choice="CHOICE_YES")
    awarded = item(await call.conclude(application), application)
    assert (awarded.status, awarded.grant_id) == (AWARDED, first)
    with refused("ITEM_CONCLUDED", "FAILED_PRECONDITION"):
        await call.act("TakeBackRecusal", **wrong)


async def test_neither_the_own_word_nor_what_affiliations_say_is_taken_back(funds: Started) -> None:
    house = await a_known_actor(funds)
    call = await a_call(funds)
    application = await call.apply(80_000, house, "carla")
    await call.begin(application)
    one = {"application_id": application.id}
    await call.act("DeclareRecusal", JURY, sub=call.subs[1], **one)
    with refused("OWN_RECUSAL_STANDS", "FAILED_PRECONDITION"):
        await call.act("TakeBackRecusal", **one, member_id=call.members[1], reason="verwechselt")
    affiliate = {"jury_id": call.jury_id, "member_id": call.members[2]}
    await funds.call("JuryService/SetAffiliations", affiliate | {"affiliations": [house]}, OFFICE)
    await call.act("EnterRecusal", **one, member_id=call.members[2], reason="Vorstand")
    with refused("MEMBER_RECUSED", "FAILED_PRECONDITION"):
        await call.act("TakeBackRecusal", **one, member_id=call.members[2], reason="verwechselt")
    await funds.call("JuryService/SetAffiliations", affiliate, OFFICE)
    await call.act("TakeBackRecusal", **one, member_id=call.members[2], reason="verwechselt")


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


async def test_nobody_decides_for_themselves_not_in_the_office_either(funds: Started) -> None:
    call, application = await decided(funds, "yes", "yes", "yes")
    revise = {"application_id": application.id, "amount_cents": 50_000, "reason": "Tippfehler"}
    with refused("OWN_GRANT", "PERMISSION_DENIED"):
        await funds.call("ApplicationService/ReviseDecision", revise, OFFICE, sub="anna")
    rules: dict[str, Any] = {"decision_body": "DECISION_BODY_OFFICE", "jury_size": 0, "quorum_percent": 0}
    own = await a_call(funds, seats=0, pot=await a_pot(funds, **rules))
    asked = await own.apply()
    await own.check("AdmitApplication", asked)
    await own.end()
    award = {"application_id": asked.id, "budget_id": own.pot.budget_id, "amount_cents": 100}
    decline = {"application_id": asked.id, "reason": "nein"}
    for rpc, request in {"AwardApplication": award, "DeclineApplication": decline}.items():
        with refused("OWN_GRANT", "PERMISSION_DENIED"):
            await funds.call(f"ApplicationService/{rpc}", request, OFFICE, sub="anna")
    await funds.call("ApplicationService/AwardApplication", award, OFFICE, sub="office")
    assert await balance(call) == (1_220_000, 80_000)


async def test_minutes_are_not_approved_over_a_bias_that_became_known(funds: Started) -> None:
    carrier, house = await a_known_actor(funds), await a_known_actor(funds, "facility")
    call = await a_call(funds, seats=0)
    await call.seat(3, affiliations=[house])
    application = await call.apply(80_000, carrier)
    await call.begin(application)
    await call.vote(application, "yes", "yes", "yes")
    await call.conclude(application)
    await call.act("CloseSession")
    await related(funds, "operates", carrier, house)
    with refused("RECUSAL_FOUND", "FAILED_PRECONDITION"):
        await call.act("ApproveMinutes")
    recusal = {"application_id": application.id, "member_id": call.members[2], "reason": "Träger des Hauses"}
    await call.act("EnterRecusal", **recusal)
    await call.conclude(application)
    await call.act("CloseSession")
    assert (await call.act("ApproveMinutes")).status == 5


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
