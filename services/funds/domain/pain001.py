"""A payment file for a bank: ISO 20022 pain.001.001.09, a SEPA credit transfer."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from services.funds.domain.payment_file import PaymentFile, Transfer, bank_reference
from services.funds.domain.sepa_text import NOBODY, sepa_text

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
LONGEST_NAME = 70
LONGEST_PURPOSE = 140


def pain001(file: PaymentFile, transfers: Sequence[Transfer]) -> str:
    """The same file and transfers make the same text, always."""
    document = Element("Document", xmlns=NAMESPACE)
    root = SubElement(document, "CstmrCdtTrfInitn")
    _header(root, file)
    group = _group(root, file)
    for transfer in transfers:
        _transfer(group, transfer)
    indent(document)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(document, encoding="unicode")}\n'


def _header(root: Element, file: PaymentFile) -> None:
    header = SubElement(root, "GrpHdr")
    _add(header, "MsgId", file.message_id)
    _add(header, "CreDtTm", file.exported_at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    _sums(header, file)
    _add(header, "InitgPty/Nm", sepa_text(file.payer.name, LONGEST_NAME))


def _group(root: Element, file: PaymentFile) -> Element:
    """The one batch of the file: who pays, from where and when."""
    group = SubElement(root, "PmtInf")
    _add(group, "PmtInfId", file.message_id)
    _add(group, "PmtMtd", "TRF")
    _sums(group, file)
    _add(group, "PmtTpInf/SvcLvl/Cd", "SEPA")
    _add(group, "ReqdExctnDt/Dt", file.execution_on.isoformat())
    _add(group, "Dbtr/Nm", sepa_text(file.payer.name, LONGEST_NAME))
    _add(group, "DbtrAcct/Id/IBAN", file.payer.iban)
    if file.payer.bic:
        _add(group, "DbtrAgt/FinInstnId/BICFI", file.payer.bic)
    else:
        _add(group, "DbtrAgt/FinInstnId/Othr/Id", NOBODY)
    _add(group, "ChrgBr", "SLEV")
    return group


def _transfer(group: Element, transfer: Transfer) -> None:
    one = SubElement(group, "CdtTrfTxInf")
    _add(one, "PmtId/EndToEndId", bank_reference(transfer.payment_id))
    _add(one, "Amt/InstdAmt", euros(transfer.amount_cents), Ccy="EUR")
    _add(one, "Cdtr/Nm", sepa_text(transfer.name, LONGEST_NAME))
    _add(one, "CdtrAcct/Id/IBAN", transfer.iban)
    _add(one, "RmtInf/Ustrd", sepa_text(transfer.purpose, LONGEST_PURPOSE))


def _sums(parent: Element, file: PaymentFile) -> None:
    _add(parent, "NbOfTxs", str(file.payments))
    _add(parent, "CtrlSum", euros(file.total_cents))


def euros(cents: int) -> str:
    """Two decimals with a point, and no floating point on the way."""
    return f"{cents // 100}.{cents % 100:02}"


def _add(parent: Element, path: str, text: str, **attributes: str) -> None:
    for name in path.split("/"):
        parent = SubElement(parent, name)
    parent.text = text
    parent.attrib.update(attributes)
