"""Handing in receipts: each counts once in the whole installation."""

from collections.abc import Iterable
from dataclasses import dataclass

from chassis.fields import Cents, Day, Line, Sha256
from chassis.ports import Transaction
from services.funds.domain.grant import Grant
from services.funds.domain.receipt import Receipt, UsedReceipt
from services.funds.domain.refusals.claim import ReceiptAlreadyUsed
from services.funds.usecases.ports import UsedReceipts


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A receipt as it is typed in."""

    number: Line
    issued_on: Day
    amount_cents: Cents
    supplier: Line
    file_sha256: Sha256


class ReceiptDesk:
    """Keeps the book of receipts for claims and proofs."""

    def __init__(self, used: UsedReceipts) -> None:
        self._used = used

    async def look_over(self, tx: Transaction, lines: Iterable[ReceiptLine]) -> tuple[Receipt, ...]:
        """The receipts, those with a warning whose file was handed in before, here or elsewhere."""
        seen: set[str] = set()
        receipts: list[Receipt] = []
        for line in lines:
            again = line.file_sha256 in seen or await self._used.has_file(line.file_sha256, tx)
            seen.add(line.file_sha256)
            receipts.append(
                Receipt(line.number, line.issued_on, line.amount_cents, line.supplier, line.file_sha256, again)
            )
        return tuple(receipts)

    async def book(self, tx: Transaction, grant: Grant, receipts: Iterable[Receipt]) -> None:
        """Refuses with RECEIPT_ALREADY_USED, saying neither where nor by whom."""
        for position, receipt in enumerate(receipts):
            row = UsedReceipt(receipt.fingerprint, grant.region, grant.id, receipt.file_sha256)
            if await self._used.find(row.id, tx) is not None:
                raise ReceiptAlreadyUsed(position)
            await self._used.insert(tx, row)

    async def free(self, tx: Transaction, receipts: Iterable[Receipt]) -> None:
        """They count nowhere, and may be handed in again."""
        for receipt in receipts:
            await self._used.remove(tx, receipt.fingerprint)
