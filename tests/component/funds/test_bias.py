"""Recusals that are found or taken back after the vote, and who decides in their own cause."""

from typing import Any

from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import OFFICE, a_pot
from tests.support.funds_corrected import balance, decided, item
from tests.support.funds_round import JURY, a_call, a_known_actor, related

ITEM_OPEN, AWARDED, DECLINED = 1, 2, 3


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
