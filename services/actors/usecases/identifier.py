"""Who has which number: taken and given back in the transaction of the record."""

from chassis.ports import Transaction
from services.actors.domain.duplicates import TakenIdentifier
from services.actors.domain.profile import Identifier
from services.actors.domain.refusals import IdentifierTaken
from services.actors.usecases.ports import TakenIdentifiers


class Identifiers:
    """Sees to it that no two actors have the same number."""

    def __init__(self, taken: TakenIdentifiers) -> None:
        self._taken = taken

    async def replace(
        self, tx: Transaction, actor_id: str, old: tuple[Identifier, ...], new: tuple[Identifier, ...]
    ) -> None:
        """Give back what the actor no longer has, take what it has now."""
        before, after = {i.key for i in old}, {i.key: i for i in new}
        for key in before - after.keys():
            await self._taken.remove(tx, key)
        for key in after.keys() - before:
            holder = await self._taken.find(key, tx)
            if holder is not None:
                raise IdentifierTaken(after[key].scheme, holder.actor_id)
            await self._taken.insert(tx, TakenIdentifier(key, actor_id))
