"""The payment file through gRPC: each payment goes to the bank once, the file is the same whenever it is fetched."""

import asyncio
import csv
import io
from datetime import timedelta
from hashlib import sha256
from importlib.resources import files
from typing import Any

from xmlschema import XMLSchema

from chassis.ports import Role, berlin_day, new_id
from services.funds.domain.fund_rules import Payout
from tests.support.city import City, Started
from tests.support.client import Refused, refused
from tests.support.funds import AUDITOR, OFFICE, Pot, a_pot
from tests.support.funds_grant import IBAN, TREASURER, agreed, get_budget, get_grant, order

PAYER = {"payer_name": "Bezirksamt Lichtenberg", "payer_iban": "DE02 1005 0000 0054 5404 02"}


async def a_released(funds: Started, pot: Pot, cents: int = 10_000, **fields: Any) -> Any:
    """A payment that waits for the bank."""
    grant = await agreed(funds, pot, payout=Payout.ADVANCE, **fields)
    payment = await order(funds, grant, cents)
    release = {"payment_id": payment.id}
    return (await funds.call("PaymentService/ReleasePayment", release, TREASURER, sub="treasurer")).payment


async def export(funds: Started, pot: Pot, sub: str = "treasurer", **fields: Any) -> Any:
    request = {"region": "11", "fund_id": pot.fund_id} | PAYER | fields
    return await funds.call("PaymentFileService/ExportPayments", request, TREASURER, sub=sub)


async def fetch(funds: Started, file: Any, format: str, *roles: Role) -> Any:
    request = {"payment_file_id": file.id, "format": f"PAYMENT_FILE_FORMAT_{format}"}
    return await funds.call("PaymentFileService/FetchPaymentFile", request, *(roles or (TREASURER,)))


async def read(funds: Started, payment: Any) -> Any:
    return (await funds.call("PaymentService/GetPayment", {"payment_id": payment.id}, TREASURER)).payment


async def on_day(funds: Started, what: str, payment: Any, sub: str = "treasurer", **fields: Any) -> Any:
    request = {"payment_id": payment.id} | fields
    return (await funds.call(f"PaymentService/{what}", request, TREASURER, sub=sub)).payment


async def today(funds: Started) -> str:
    return berlin_day(await funds.now()).isoformat()


async def test_released_payments_go_to_the_bank_in_one_file_that_is_valid_and_always_the_same(funds: Started) -> None:
    pot = await a_pot(funds)
    released = [await a_released(funds, pot, cents) for cents in (10_000, 20_005)]
    waiting = await order(funds, await agreed(funds, pot, payout=Payout.ADVANCE), 30_000)
    file = (await export(funds, pot)).payment_file
    assert (file.payments, file.total_cents, file.execution_on) == (2, 30_005, await today(funds))
    xml, again = [await fetch(funds, file, "PAIN_001") for _ in range(2)]
    assert xml == again
    assert sha256(xml.content).hexdigest() == xml.sha256 == file.pain_001_sha256
    XMLSchema(str(files("sepaxml") / "schemas" / "pain.001.001.09.xsd")).validate(xml.content.decode())
    assert xml.content.decode().count(IBAN) == 2
    table = await fetch(funds, file, "CSV")
    lines = list(csv.DictReader(io.StringIO(table.content.decode(), newline="")))
    assert [(line["payment_id"], line["amount"]) for line in lines] == [
        (released[0].id, "100.00"),
        (released[1].id, "200.05"),
    ]
    exported = await read(funds, released[0])
    assert (exported.status, exported.file_id, exported.exported_by) == (5, file.id, "treasurer")
    assert (await read(funds, waiting)).status == 1
    with refused("NOTHING_TO_EXPORT", "FAILED_PRECONDITION"):
        await export(funds, pot)


async def test_no_payment_is_ever_in_two_files_whatever_the_concurrency(funds: Started) -> None:
    pot = await a_pot(funds)
    released = [await a_released(funds, pot, 1_000) for _ in range(5)]
    answers = await asyncio.gather(*(export(funds, pot, most=2) for _ in range(5)), return_exceptions=True)
    files_made = [a.payment_file for a in answers if not isinstance(a, BaseException)]
    assert sorted(file.payments for file in files_made) == [1, 2, 2]
    assert [a.reason for a in answers if isinstance(a, Refused)] == ["NOTHING_TO_EXPORT"] * 2
    tables = [(await fetch(funds, file, "CSV")).content.decode() for file in files_made]
    for payment in released:
        assert sum(table.count(payment.id) for table in tables) == 1


async def test_a_repeated_export_answers_with_its_first_file(funds: Started) -> None:
    pot = await a_pot(funds)
    await a_released(funds, pot)
    id, day = new_id(), await today(funds)
    first = await export(funds, pot, request_id=id, execution_on=day)
    assert await export(funds, pot, request_id=id, execution_on=day) == first


async def test_the_file_is_for_the_treasurer_alone_and_its_head_masked_for_others(funds: Started) -> None:
    pot = await a_pot(funds)
    await a_released(funds, pot)
    file = (await export(funds, pot)).payment_file
    head = {"payment_file_id": file.id}
    seen = (await funds.call("PaymentFileService/GetPaymentFile", head, AUDITOR)).payment_file
    assert (file.payer.iban, seen.payer.iban) == ("DE02100500000054540402", "DE…0402")
    for role in (AUDITOR, OFFICE, Role("treasurer", regions=("12",)), Role("treasurer", regions=("114009",))):
        with refused("ROLE_MISSING" if role.name != "treasurer" else "ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
            await fetch(funds, file, "CSV", role)
    listed = await funds.call("PaymentFileService/ListPaymentFiles", {"region": "11", "page_size": 1}, TREASURER)
    assert [one.id for one in listed.payment_files] == [file.id]


async def test_no_message_about_a_file_or_its_payments_holds_an_account_or_a_name(funds: Started) -> None:
    pot = await a_pot(funds)
    payment = await a_released(funds, pot, recipient_actor_id="", recipient_name="Kim Beispiel")
    file = (await export(funds, pot)).payment_file
    said = [*await funds.said(payment.id), *await funds.said(file.id)]
    assert [m.fact for m in said][-2:] == ["payment_exported", "payment_file_exported"]
    for message in said:
        assert message.subject.startswith("kiez.int.")
        for secret in (IBAN, "3000", "0402", "Kim", "Kiezgarten", "treasurer"):
            assert secret not in str(message.body), message.fact


async def test_who_decided_exports_nothing_that_they_decided_about_and_a_service_nothing_at_all(funds: Started) -> None:
    pot = await a_pot(funds)
    one, two = await a_released(funds, pot), await a_released(funds, pot, decided_by=("somebody",))
    answer = await export(funds, pot, sub="somebody")
    assert [(left.payment_id, left.reason) for left in answer.left_out] == [(two.id, "DECIDER_MAY_NOT_PAY")]
    assert (await read(funds, one)).file_id == answer.payment_file.id
    with refused("NOTHING_TO_EXPORT", "FAILED_PRECONDITION"):
        await export(funds, pot, sub="somebody")
    with refused("SERVICE_IS_NO_EYE", "PERMISSION_DENIED"):
        request = {"region": "11"} | PAYER
        await funds.call("PaymentFileService/ExportPayments", request, TREASURER, Role("service"), sub="service:bank")


async def test_what_cannot_be_so_is_refused_with_its_field(funds: Started) -> None:
    pot = await a_pot(funds)
    await a_released(funds, pot)
    wrong: dict[str, Any] = {"payer_iban": "DE02100500000054540403", "payer_bic": "beladebe", "most": 201}
    for field, value in wrong.items():
        with refused("INVALID_FIELDS", "INVALID_ARGUMENT", field):
            await export(funds, pot, **{field: value})
    yesterday = (berlin_day(await funds.now()) - timedelta(days=1)).isoformat()
    with refused("EXECUTION_DAY_OUTSIDE_PERIOD", "INVALID_ARGUMENT", "execution_on"):
        await export(funds, pot, execution_on=yesterday)
    with refused("PAYMENT_FILE_NOT_FOUND", "NOT_FOUND"):
        await funds.call("PaymentFileService/GetPaymentFile", {"payment_file_id": new_id()}, TREASURER)


async def test_an_exported_payment_that_the_bank_refuses_is_ordered_anew_and_goes_out_in_another_file(
    funds: Started,
) -> None:
    pot = await a_pot(funds)
    payment = await a_released(funds, pot, 50_000)
    await export(funds, pot)
    failed = await on_day(funds, "MarkPaymentFailed", payment, reason="Konto erloschen")
    assert failed.status == 4
    release = {"payment_id": (await order_again(funds, payment)).id}
    await funds.call("PaymentService/ReleasePayment", release, TREASURER, sub="treasurer")
    second = (await export(funds, pot)).payment_file
    content = (await fetch(funds, second, "CSV")).content.decode()
    assert (release["payment_id"] in content, payment.id in content) == (True, False)


async def order_again(funds: Started, payment: Any) -> Any:
    request = {"grant_id": payment.grant_id, "amount_cents": payment.amount_cents}
    return (await funds.call("PaymentService/OrderPayment", request, TREASURER, sub="clerk")).payment


async def test_what_the_bank_sends_back_is_committed_again_and_the_grant_follows(funds: Started) -> None:
    pot = await a_pot(funds)
    payment = await a_released(funds, pot, 50_000)
    await export(funds, pot)
    day = await today(funds)
    back = {"returned_on": day, "reason": "Konto erloschen"}
    with refused("PAYMENT_NOT_READY", "FAILED_PRECONDITION"):
        await on_day(funds, "ReturnPayment", payment, **back)
    await on_day(funds, "MarkPaymentPaid", payment, paid_on=day)
    with refused("RETURNED_ON_OUTSIDE_PERIOD", "FAILED_PRECONDITION", "returned_on"):
        await on_day(funds, "ReturnPayment", payment, **(back | {"returned_on": "2020-01-01"}))
    returned = await on_day(funds, "ReturnPayment", payment, **back)
    assert (returned.status, returned.returned_on, returned.failed_reason) == (6, day, "Konto erloschen")
    budget = (await funds.call("BudgetService/GetBudget", {"budget_id": pot.budget_id})).budget
    assert (budget.committed_cents, budget.paid_cents) == (50_000, 0)
    grant = (await funds.call("GrantService/GetGrant", {"grant_id": payment.grant_id}, TREASURER)).grant
    assert (grant.paid_cents, grant.payable_cents) == (0, 50_000)
    assert (await funds.said(payment.id))[-1].fact == "payment_returned"
    assert (await funds.call("LedgerService/VerifyLedger", {"region": "11"}, AUDITOR)).correct


async def test_a_settled_grant_whose_payment_comes_back_is_paid_and_settled_again(funds: Started) -> None:
    pot = await a_pot(funds)
    payment = await a_released(funds, pot, 30_000, goals=())
    day, one = await today(funds), {"grant_id": payment.grant_id}
    await on_day(funds, "MarkPaymentPaid", payment, paid_on=day)
    proof = one | {"report": "Gut.", "total_costs_cents": 30_000}
    await funds.call("ProofService/SubmitProof", proof, OFFICE, sub="office")
    await funds.call("ProofService/AcceptProof", one | {"accepted_cents": 30_000}, OFFICE, sub="office")
    await funds.call("GrantService/SettleGrant", one, OFFICE, sub="office")
    await on_day(funds, "ReturnPayment", payment, returned_on=day, reason="Konto erloschen")
    reopened = (await funds.said(payment.grant_id))[-1]
    assert (reopened.fact, reopened.subject.split(".")[1], reopened.body["amount_cents"]) == (
        *("grant_reopened", "pub", 30_000),
    )
    assert (reopened.body["state"]["status"], reopened.body["state"]["paid_cents"]) == ("running", 0)
    again = await order_again(funds, payment)
    await on_day(funds, "ReleasePayment", again)
    await on_day(funds, "MarkPaymentPaid", again, paid_on=day)
    settled = (await funds.call("GrantService/SettleGrant", one, OFFICE, sub="office")).grant
    assert (settled.paid_cents, settled.returned_cents) == (30_000, 20_000)
    budget = (await funds.call("BudgetService/GetBudget", {"budget_id": pot.budget_id})).budget
    assert (budget.available_cents, budget.committed_cents, budget.paid_cents) == (1_270_000, 0, 30_000)
    assert (await funds.call("LedgerService/VerifyLedger", {"region": "11"}, AUDITOR)).correct


async def test_money_waits_for_a_recipient_whose_record_has_lapsed_until_it_is_confirmed(
    city: City, funds: Started
) -> None:
    pot = await a_pot(funds)
    actor = {"id": new_id(), "region": "114009", "name": "Kiezgarten", "kind": "association", "status": "active"}
    grant = await agreed(funds, pot, payout=Payout.ADVANCE, recipient_actor_id=actor["id"])
    ordered, released = await order(funds, grant, 100), await order(funds, grant, 200)
    await on_day(funds, "ReleasePayment", released)
    await funds.knows(*await city.say("actors", "actor_registered", actor))
    await funds.knows(*await city.say("actors", "verification_lapsed", actor))
    await funds.knows(*await city.say("actors", "actor_updated", actor | {"name": "Kiezgarten e. V."}))
    with refused("PAYMENT_HELD", "FAILED_PRECONDITION"):
        await order(funds, grant, 300)
    with refused("PAYMENT_HELD", "FAILED_PRECONDITION"):
        await on_day(funds, "ReleasePayment", ordered)
    with refused("NOTHING_TO_EXPORT", "FAILED_PRECONDITION"):
        await export(funds, pot)
    other = await a_released(funds, pot, recipient_actor_id="")
    left = (await export(funds, pot)).left_out
    assert [(one.payment_id, one.reason) for one in left] == [(released.id, "PAYMENT_HELD")]
    assert (await read(funds, other)).status == 5
    seen = await funds.call("GrantService/GetGrant", {"grant_id": grant.id}, sub=grant.applicant_sub)
    assert (seen.payment_hold, (await get_grant(funds, grant)).id) == (2, grant.id)
    await funds.knows(*await city.say("actors", "actor_verified", actor))
    await on_day(funds, "ReleasePayment", ordered)
    assert (await export(funds, pot)).payment_file.payments == 2


async def test_money_waits_while_the_record_is_archived_also_of_the_one_it_was_merged_into(
    city: City, funds: Started
) -> None:
    old = {"id": new_id(), "region": "114009", "name": "Alt", "kind": "association", "status": "active"}
    new = old | {"id": new_id(), "name": "Neu"}
    grant = await agreed(funds, payout=Payout.ADVANCE, recipient_actor_id=old["id"])
    await funds.knows(*await city.say("actors", "actor_archived", new | {"status": "archived"}))
    await funds.knows(*await city.say("actors", "actor_updated", old | {"status": "merged", "merged_into": new["id"]}))
    with refused("PAYMENT_HELD", "FAILED_PRECONDITION"):
        await order(funds, grant, 100)
    await funds.knows(*await city.say("actors", "actor_restored", new))
    await order(funds, grant, 100)
    assert (await get_budget(funds, grant)).committed_cents == 50_000
