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
from tests.support.city import Started
from tests.support.client import Refused, refused
from tests.support.funds import AUDITOR, OFFICE, a_pot
from tests.support.funds_grant import IBAN, TREASURER, agreed, order
from tests.support.funds_payment import PAYER, a_released, export, fetch, read, today
from tests.support.ids import without_ids


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
            assert secret not in without_ids(message.body), message.fact


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
