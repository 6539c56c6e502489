"""Persons in MongoDB: the only collection with names and addresses."""

from collections.abc import Callable

from chassis.ports import Transaction
from chassis.store import Store, StoredRecords
from services.funds.domain.person import Language, Person


class MongoPersons(StoredRecords[Person]):
    """`refer` turns a mail address into a person_ref."""

    def __init__(self, store: Store, refer: Callable[[str], str]) -> None:
        super().__init__(store, "persons", Person, noun="person")
        self._refer = refer

    async def keep(self, tx: Transaction, name: str, email: str, language: Language, *, by: str) -> str:
        ref = self._refer(email)
        known = await self.find(ref, tx)
        await self.put(tx, known.named(name, language, by) if known else Person(ref, name, email, language, by))
        return ref
