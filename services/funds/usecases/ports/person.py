"""Where this service keeps who is behind a person_ref."""

from typing import Protocol

from chassis.ports import Transaction
from services.funds.domain.person import Language, Person


class Persons(Protocol):
    async def keep(self, tx: Transaction, name: str, email: str, language: Language) -> str:
        """Keep a person, or renew name and language; the answer is the person_ref, the same for the same address however it is spelt.

        Who is known is written to as they spelt it first.
        """
        ...

    async def get(self, id: str, tx: Transaction | None = None) -> Person: ...
    async def find(self, id: str, tx: Transaction | None = None) -> Person | None: ...
    async def remove(self, tx: Transaction, id: str) -> None: ...
