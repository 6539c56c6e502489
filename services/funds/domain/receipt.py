"""A receipt: one bill that was paid for a project (Beleg). Each counts once in the whole installation."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from services.funds.domain.refusals.claim import ReceiptAlreadyUsed, ReceiptOutsidePeriod


@dataclass(frozen=True, slots=True)
class Receipt:
    """`file_sha256` is of the scanned file; `is_same_file` warns that another receipt has the very same file.

    `accepted_cents` and `reason` are the office's word on it: less than the amount only with a reason.
    """

    number: str
    issued_on: date
    amount_cents: int
    supplier: str
    file_sha256: str
    is_same_file: bool = False
    accepted_cents: int = 0
    reason: str = ""

    @property
    def fingerprint(self) -> str:
        """The same for the same bill, however it is spelt: supplier and number folded, day, cents."""
        parts = (_folded(self.supplier), _folded(self.number), self.issued_on.isoformat(), str(self.amount_cents))
        return sha256("\x00".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class UsedReceipt:
    """That a receipt was handed in, and where. `id` is its fingerprint."""

    id: str
    region: str
    grant_id: str
    file_sha256: str


def check_receipts(receipts: tuple[Receipt, ...], first: date, last: date) -> None:
    """Each was written from `first` to `last`, and none stands there twice."""
    seen: set[str] = set()
    for position, receipt in enumerate(receipts):
        if not first <= receipt.issued_on <= last:
            raise ReceiptOutsidePeriod(position, first.isoformat(), last.isoformat())
        if receipt.fingerprint in seen:
            raise ReceiptAlreadyUsed(position)
        seen.add(receipt.fingerprint)


def _folded(text: str) -> str:
    """Letters and digits alone: case, accents, spaces and punctuation are what people spell differently."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if c.isalnum())
