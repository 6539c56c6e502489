"""What goes to the bank: valid against its schema, the same bytes always, and harmless whatever people are called."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from xmlschema import XMLSchema

from chassis.ports import new_id
from chassis.refusals import Refusal
from services.funds.domain.duty import Duty, DutyKind, duties
from services.funds.domain.grant import GrantStatus
from services.funds.domain.known_actor import KnownActor
from services.funds.domain.pain001 import pain001
from services.funds.domain.payment_file import Payer, PaymentFile, Transfer, execution_day
from services.funds.domain.payment_hold import PaymentHold, hold_of
from services.funds.domain.payment_table import COLUMNS, payment_table
from services.funds.domain.sepa_text import sepa_text
from tests.support.funds_grant import IBAN, a_grant

AT = datetime(2027, 5, 3, 9, 30, tzinfo=UTC)
PAYER = Payer("Bezirksamt Lichtenberg von Berlin", "DE02100500000054540402", "BELADEBEXXX")
GOLDEN = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">
  <CstmrCdtTrfInitn>
    <GrpHdr>
      <MsgId>019f00000000700080000000000000aa</MsgId>
      <CreDtTm>2027-05-03T09:30:00Z</CreDtTm>
      <NbOfTxs>1</NbOfTxs>
      <CtrlSum>1234.05</CtrlSum>
      <InitgPty>
        <Nm>Bezirksamt Lichtenberg von Berlin</Nm>
      </InitgPty>
    </GrpHdr>
    <PmtInf>
      <PmtInfId>019f00000000700080000000000000aa</PmtInfId>
      <PmtMtd>TRF</PmtMtd>
      <NbOfTxs>1</NbOfTxs>
      <CtrlSum>1234.05</CtrlSum>
      <PmtTpInf>
        <SvcLvl>
          <Cd>SEPA</Cd>
        </SvcLvl>
      </PmtTpInf>
      <ReqdExctnDt>
        <Dt>2027-05-04</Dt>
      </ReqdExctnDt>
      <Dbtr>
        <Nm>Bezirksamt Lichtenberg von Berlin</Nm>
      </Dbtr>
      <DbtrAcct>
        <Id>
          <IBAN>DE02100500000054540402</IBAN>
        </Id>
      </DbtrAcct>
      <DbtrAgt>
        <FinInstnId>
          <BICFI>BELADEBEXXX</BICFI>
        </FinInstnId>
      </DbtrAgt>
      <ChrgBr>SLEV</ChrgBr>
      <CdtTrfTxInf>
        <PmtId>
          <EndToEndId>019f00000000700080000000000000bb</EndToEndId>
        </PmtId>
        <Amt>
          <InstdAmt Ccy="EUR">1234.05</InstdAmt>
        </Amt>
        <Cdtr>
          <Nm>Kiezgaertnerei Muenzstrasse e. V.</Nm>
        </Cdtr>
        <CdtrAcct>
          <Id>
            <IBAN>DE89370400440532013000</IBAN>
          </Id>
        </CdtrAcct>
        <RmtInf>
          <Ustrd>L-2027-01 Hochbeete + Fest</Ustrd>
        </RmtInf>
      </CdtTrfTxInf>
    </PmtInf>
  </CstmrCdtTrfInitn>
</Document>
"""


@cache
def schema() -> XMLSchema:
    """The schema that banks publish, as a well-known library ships it."""
    return XMLSchema(str(files("sepaxml") / "schemas" / "pain.001.001.09.xsd"))


def a_transfer(**changes: Any) -> Transfer:
    usual: dict[str, Any] = {
        "payment_id": new_id(),
        "grant_id": new_id(),
        "agreement_number": "L-2027-01",
        "amount_cents": 123_405,
        "name": "Kiezgärtnerei Münzstraße e. V.",
        "iban": IBAN,
        "purpose": "L-2027-01 Hochbeete & Fest",
    }
    return Transfer(**usual | changes)


def a_file(*transfers: Transfer, **changes: Any) -> PaymentFile:
    usual: dict[str, Any] = {
        "id": new_id(),
        "region": "11",
        "fund_id": "",
        "payer": PAYER,
        "execution_on": date(2027, 5, 4),
        "payments": len(transfers),
        "total_cents": sum(transfer.amount_cents for transfer in transfers),
        "exported_by": "treasurer",
        "exported_at": AT,
    }
    return PaymentFile(**usual | changes)


def test_a_file_is_to_the_byte_what_the_bank_was_sent() -> None:
    transfer = a_transfer(payment_id="019f0000-0000-7000-8000-0000000000bb")
    file = a_file(transfer, id="019f0000-0000-7000-8000-0000000000aa")
    assert pain001(file, (transfer,)) == GOLDEN


LINES = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "), min_size=1, max_size=200)


@settings(max_examples=30, deadline=None)
@given(LINES, LINES, LINES, st.lists(st.integers(1, 10**12), min_size=1, max_size=3), st.booleans())
@example('=HYPERLINK("x")', "]]><&\"'", "//", [1], False)
def test_whatever_people_are_called_the_file_is_valid_and_its_sums_are_right(
    payer: str, name: str, purpose: str, amounts: list[int], with_bic: bool
) -> None:
    transfers = tuple(a_transfer(name=name, purpose=purpose, amount_cents=cents) for cents in amounts)
    file = a_file(*transfers, payer=replace(PAYER, name=payer, bic="BELADEBE" if with_bic else ""))
    text = pain001(file, transfers)
    schema().validate(text)
    found: Any = schema().to_dict(text)
    (root,) = found.values() if len(found) == 1 else [found["CstmrCdtTrfInitn"]]
    (batch,) = root["PmtInf"]
    paid = sum(round(float(t["Amt"]["InstdAmt"]["$"]) * 100) for t in batch["CdtTrfTxInf"])
    assert paid == sum(amounts) == round(float(root["GrpHdr"]["CtrlSum"]) * 100)


@given(st.text(max_size=300), st.sampled_from((70, 140)))
def test_a_bank_gets_letters_that_it_knows_and_no_more_than_it_takes(text: str, longest: int) -> None:
    found = sepa_text(text, longest)
    assert re.fullmatch(r"[A-Za-z0-9?:().,'+ -][A-Za-z0-9/?:().,'+ -]*", found)
    assert 1 <= len(found) <= longest
    assert "//" not in found
    assert found == found.strip("/ ")


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("Übermäßig & Söhne", "Uebermaessig + Soehne"),
        ("Şerife Yıldız", "Serife Yildiz"),
        ("Łucja Wąsik", "Lucja Wasik"),
        ("Олена Шевченко", "Olena Shevchenko"),
        ("Nguyễn Thị Hoa", "Nguyen Thi Hoa"),
        ("🌻", "sunflower"),
        ("//", "NOTPROVIDED"),
    ],
)
def test_names_of_the_neighbourhood_are_written_as_a_bank_reads_them(name: str, sent: str) -> None:
    assert sepa_text(name, 70).replace(":", "") == sent


@given(LINES, LINES, st.integers(1, 10**12))
def test_the_table_is_read_back_as_it_was_meant_and_holds_no_formula(name: str, purpose: str, cents: int) -> None:
    transfer = a_transfer(name=name, purpose=purpose, amount_cents=cents)
    text = payment_table(a_file(transfer), (transfer,))
    assert text.encode().endswith(b"\r\n")
    head, line = csv.reader(io.StringIO(text, newline=""))
    assert tuple(head) == COLUMNS
    cells = dict(zip(head, line, strict=True))
    assert cells["payee_name"].removeprefix("'") == name.removeprefix("'")
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in line)
    assert (cells["amount"], cells["currency"]) == (f"{cents // 100}.{cents % 100:02}", "EUR")


@pytest.mark.parametrize("days", [-1, 61])
def test_a_bank_carries_out_from_today_to_two_months_on(days: int) -> None:
    today = date(2027, 5, 3)
    assert execution_day(None, AT) == today
    assert execution_day(today + timedelta(days=60), AT) == today + timedelta(days=60)
    with pytest.raises(Refusal, match="EXECUTION_DAY_OUTSIDE_PERIOD"):
        execution_day(today + timedelta(days=days), AT)


def test_the_head_of_a_file_masks_its_account() -> None:
    assert a_file().masked().payer.iban == "DE…0402"


@pytest.mark.parametrize(
    ("status", "lapsed", "hold"),
    [
        ("active", False, None),
        ("active", True, PaymentHold.RECIPIENT_LAPSED),
        ("archived", False, PaymentHold.RECIPIENT_ARCHIVED),
        ("archived", True, PaymentHold.RECIPIENT_ARCHIVED),
        ("merged", False, None),
    ],
)
def test_money_waits_while_the_record_is_archived_or_lapsed(
    status: str, lapsed: bool, hold: PaymentHold | None
) -> None:
    assert hold_of(KnownActor("a", "11", "Verein", "association", status, has_lapsed=lapsed)) is hold
    assert hold_of(None) is None


def test_what_is_due_is_told_with_its_day_the_most_urgent_first() -> None:
    grant = a_grant(GrantStatus.PROOF_DUE)
    assert grant.proof_due_on == date(2027, 7, 28)
    assert duties(grant, date(2027, 7, 28)) == (Duty(DutyKind.PROOF, date(2027, 7, 28), is_overdue=False),)
    assert duties(grant, date(2027, 7, 29))[0].is_overdue
    asked = a_grant(GrantStatus.PROOF_QUERIED)
    assert [duty.kind for duty in duties(asked, date(2027, 7, 1))] == [DutyKind.PROOF_ANSWER]
    owing = a_grant(GrantStatus.PROOF_ACCEPTED, refund_claimed_cents=500, refund_due_on=date(2027, 8, 2))
    assert duties(owing, date(2027, 8, 3)) == (
        Duty(DutyKind.REFUND, date(2027, 8, 2), is_overdue=True, amount_cents=500),
    )
    assert duties(a_grant(GrantStatus.PROOF_SUBMITTED), date(2027, 8, 3)) == ()
