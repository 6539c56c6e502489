"""A payment file as a table: CSV in UTF-8 by RFC 4180, for whoever pays by hand or checks what the bank got."""

import csv
import io
from collections.abc import Sequence

from services.funds.domain.pain001 import euros
from services.funds.domain.payment_file import PaymentFile, Transfer, bank_reference

COLUMNS = (
    *("end_to_end_id", "amount", "currency", "payee_name", "payee_iban", "purpose", "execution_on"),
    *("agreement_number", "payment_id", "grant_id"),
)
# With these a spreadsheet takes a cell for a formula, and carries it out.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def payment_table(file: PaymentFile, transfers: Sequence[Transfer]) -> str:
    """One header line, one line a payment; names as they are spelt, amounts in euros with a point."""
    table = io.StringIO(newline="")
    lines = csv.writer(table, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    for transfer in transfers:
        lines.writerow(_harmless(cell) for cell in _cells(file, transfer))
    return table.getvalue()


def _cells(file: PaymentFile, transfer: Transfer) -> tuple[str, ...]:
    return (
        bank_reference(transfer.payment_id),
        euros(transfer.amount_cents),
        "EUR",
        transfer.name,
        transfer.iban,
        transfer.purpose,
        file.execution_on.isoformat(),
        transfer.agreement_number,
        transfer.payment_id,
        transfer.grant_id,
    )


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
