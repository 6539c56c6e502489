"""The ledger of a running service: who reads what, undoing, and a proof that finds what is wrong."""

import asyncio
from typing import Any

from chassis.ports import Role
from tests.support.city import City, Started
from tests.support.client import refused
from tests.support.funds import AUDITOR, OFFICE, Pot, a_pot, move


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
