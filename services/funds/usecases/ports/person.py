"""Where this service keeps who is behind a person_ref."""

from typing import Protocol

from chassis.ports import Transaction
from services.funds.domain.person import Language, Person


class Persons(Protocol):
    async def keep(self, tx: Transaction, name: str, email: str, language: Language, *, by: str) -> str:
        """Keep a person; the answer is the person_ref, the same for the same address however it is spelt.

        Who is known is written to as they spelt it first, and named anew by who named them first or by an office (`by` "") alone.
        """
        ...

    async def get(self, id: str, tx: Transaction | None = None) -> Person: ...
    async def find(self, id: str, tx: Transaction | None = None) -> Person | None: ...
    async def remove(self, tx: Transaction, id: str) -> None: ...
