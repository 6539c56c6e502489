"""The ledger of a running service: who reads what, undoing, and a proof that finds what is wrong."""

import asyncio
from typing import Any

from chassis.ports import Role
from services.funds.domain.fund_rules import Payout
from tests.support.city import City, Started
from tests.support.client import refused
from tests.support.funds import AUDITOR, OFFICE, Pot, a_pot, move
from tests.support.funds_grant import agreed, order, pay


async def postings(funds: Started, pot: Pot, *roles: Role, **more: Any) -> Any:
    return await funds.call("LedgerService/ListPostings", {"budget_id": pot.budget_id, **more}, *roles)


async def reverse(funds: Started, pot: Pot, number: int) -> Any:
    request = {"budget_id": pot.budget_id, "number": number, "reason": "mistyped"}
    return (await funds.call("LedgerService/ReversePosting", request, OFFICE)).budget


async def test_who_booked_and_why_is_for_those_who_keep_the_books(funds: Started) -> None:
    pot = await a_pot(funds)
    public = (await postings(funds, pot)).postings[0]
    assert (public.by, public.reason, public.number) == ("", "", 1)
    inside = (await postings(funds, pot, AUDITOR)).postings[0]
    assert inside.by
    assert inside.reason == "as resolved"
    elsewhere = (await postings(funds, pot, Role("fund_office", regions=("01",)))).postings[0]
    assert (elsewhere.by, elsewhere.reason) == ("", "")


async def test_postings_are_listed_by_number_page_by_page(funds: Started) -> None:
    pot = await a_pot(funds)
    for _ in range(11):
        await move(funds, "Freeze", pot, 1)
    seen, token = [], ""
    while True:
        page = await postings(funds, pot, page_size=5, page_token=token)
        seen += [p.number for p in page.postings]
        token = page.next_page_token
        if not token:
            break
    assert seen == list(range(1, 13))


async def test_numbers_have_no_gap_though_many_book_at_once(funds: Started) -> None:
    pot = await a_pot(funds)
    await asyncio.gather(*(move(funds, "Freeze", pot, 1) for _ in range(20)))
    page = await postings(funds, pot)
    assert [p.number for p in page.postings] == list(range(1, 22))


async def test_a_posting_is_undone_once(funds: Started) -> None:
    pot = await a_pot(funds, released_cents=1_000)
    await move(funds, "Freeze", pot, 400)
    assert (await reverse(funds, pot, 2)).available_cents == 1_000
    with refused("POSTING_IS_REVERSED", "FAILED_PRECONDITION"):
        await reverse(funds, pot, 2)
    with refused("POSTING_IS_REVERSED", "FAILED_PRECONDITION"):
        await reverse(funds, pot, 3)
    with refused("POSTING_NOT_FOUND", "NOT_FOUND"):
        await reverse(funds, pot, 4)
    said = (await funds.said(pot.budget_id))[-1]
    assert (said.fact, said.body["kind"], said.body["reverses"]) == ("ledger_posted", "reversal", 2)


async def test_undoing_a_release_gives_the_money_back_to_the_title(funds: Started) -> None:
    pot = await a_pot(funds, released_cents=1_000)
    assert (await reverse(funds, pot, 1)).released_cents == 0
    title = (await funds.call("TitleService/GetTitle", {"title_id": pot.title_id})).title
    assert title.years[0].released_cents == 0
    assert (await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)).correct


async def test_only_those_who_keep_the_books_may_prove_them(funds: Started) -> None:
    with refused("NO_TOKEN", "UNAUTHENTICATED"):
        await funds.call("LedgerService/VerifyLedger")
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await funds.call("LedgerService/VerifyLedger", {}, OFFICE)
    proof = await funds.call("LedgerService/VerifyLedger", {"region": "11"}, OFFICE)
    assert proof.correct


async def test_the_proof_holds_while_money_moves(funds: Started) -> None:
    pot = await a_pot(funds)

    async def prove() -> bool:
        return bool((await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)).correct)

    moving = [move(funds, what, pot, 7) for what in ("Freeze", "Cut", "Raise") for _ in range(5)]
    answers = await asyncio.gather(*moving, *(prove() for _ in range(3)))
    assert answers[-3:] == [True, True, True]


async def test_what_was_changed_by_hand_is_named(city: City) -> None:
    async with city.service("funds") as funds:
        pot = await a_pot(funds)
        await move(funds, "Freeze", pot, 100)
        store = funds.running.service.store
        await store.rows("budgets").update_one({"_id": pot.budget_id}, {"$inc": {"available_cents": 1}})
        await store.rows("postings").delete_one({"_id": f"{pot.budget_id}/00000002"})
        await store.rows("titles").update_one({"_id": pot.title_id}, {"$set": {"years.0.released_cents": 5}})
        proof = await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)
    assert not proof.correct
    assert {(d.of_id, d.what, d.kept, d.computed) for d in proof.differences} == {
        (pot.title_id, f"released in {pot.year}", 5, 1_300_000),
        (pot.budget_id, "postings", 2, 1),
        (pot.budget_id, "balance of available", 1_299_901, 1_300_000),
        (pot.budget_id, "balance of blocked", 100, 0),
    }


async def differences(funds: Started) -> set[tuple[str, str, int, int]]:
    proof = await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)
    return {(d.of_id, d.what, d.kept, d.computed) for d in proof.differences}


async def test_a_closed_year_that_holds_money_is_named(city: City) -> None:
    async with city.service("funds") as funds:
        pot = await a_pot(funds, released_cents=1_000)
        await move(funds, "Freeze", pot, 100)
        budgets = funds.running.service.store.rows("budgets")
        await budgets.update_one({"_id": pot.budget_id}, {"$set": {"status": "closed"}})
        found = await differences(funds)
    assert found == {
        (pot.budget_id, "balance of available of a closed year", 900, 0),
        (pot.budget_id, "balance of blocked of a closed year", 100, 0),
    }


async def test_a_reversal_that_is_not_the_opposite_or_the_second_one_is_named(city: City) -> None:
    async with city.service("funds") as funds:
        wrong, twice = [await a_pot(funds, released_cents=1_000) for _ in range(2)]
        for pot in (wrong, twice):
            for cents in (100, 200, 100, 200):
                await move(funds, "Freeze", pot, cents)
            await reverse(funds, pot, 2)
            await reverse(funds, pot, 4)
        rows = funds.running.service.store.rows("postings")
        assert not await differences(funds)
        await rows.update_one({"_id": f"{wrong.budget_id}/00000006"}, {"$set": {"reverses": 3}})
        await rows.update_one({"_id": f"{twice.budget_id}/00000007"}, {"$set": {"reverses": 2}})
        found = await differences(funds)
    assert found == {
        (wrong.budget_id, "reversal of posting 3", 6, 0),
        (twice.budget_id, "second reversal of posting 2", 7, 6),
    }


async def test_payments_that_do_not_bear_out_their_grant_are_named(city: City) -> None:
    async with city.service("funds") as funds:
        grant = await agreed(funds, payout=Payout.ADVANCE)
        payment = await pay(funds, grant, 20_000)
        await order(funds, grant, 5_000)
        rows = funds.running.service.store.rows("payments")
        assert not await differences(funds)
        await rows.update_one({"_id": payment.id}, {"$set": {"amount_cents": 19_999}})
        assert await differences(funds) == {(grant.id, "paid by its payments", 20_000, 19_999)}
        await rows.update_one({"_id": payment.id}, {"$set": {"amount_cents": 20_000, "status": "exported"}})
        found = await differences(funds)
    assert found == {
        (grant.id, "paid by its payments", 20_000, 0),
        (grant.id, "in flight by its payments", 5_000, 25_000),
    }


async def test_the_messages_alone_are_enough_to_recompute_the_ledger(funds: Started) -> None:
    pot = await a_pot(funds, released_cents=10_000)
    await move(funds, "Freeze", pot, 3_000)
    budget = await move(funds, "Cut", pot, 1_000)
    balance: dict[str, int] = {}
    numbers = []
    for message in await funds.published(pot.budget_id):
        if message.fact == "ledger_posted":
            numbers.append(message.body["number"])
            for line in message.body["lines"]:
                balance[line["account"]] = balance.get(line["account"], 0) + line["amount_cents"]
    assert numbers == [1, 2, 3]
    assert balance == {"title": -9_000, "available": 6_000, "blocked": 3_000}
    assert budget.available_cents == balance["available"]
