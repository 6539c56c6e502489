"""The stream that a service publishes to: one that was made anew under its name is another, and holds nothing of what was said."""

from collections.abc import Awaitable, Callable
from typing import Any

from chassis.bus.streams import Found
from chassis.store import Store, faults


class PublishedStream:
    """Known by when it was made; which one it is stands in the store, for all replicas."""

    def __init__(self, store: Store, name: str) -> None:
        self._rows, self._name = store.rows("streams"), name
        self.created = ""

    async def begin(self, found: Found, take_back: Callable[[], Awaitable[None]]) -> None:
        """Publish into `found` from here on. For one that no replica has begun on, nothing counts as published any more.

        Raises Unavailable when the store is away; then nothing may be published yet.
        """
        with faults.spoken():
            known = await self._rows.find_one({"_id": self._name})
            # Before this was noted there was one stream; an empty one is not the one that was published to.
            is_same = found.created == known["created"] if known else found.messages > 0
            is_taken_back = is_same and (known or {}).get("is_taken_back", True)
            if not is_taken_back:
                # Noted before anything is taken back: what another replica marks meanwhile, it takes back itself.
                await self._note(found, is_taken_back=False)
                await take_back()
            if not (known and is_taken_back):
                await self._note(found, is_taken_back=True)
        self.created = found.created

    async def _note(self, found: Found, *, is_taken_back: bool) -> None:
        row: dict[str, Any] = {"_id": self._name, "created": found.created, "is_taken_back": is_taken_back}
        await self._rows.replace_one({"_id": self._name}, row, upsert=True)

    async def is_still(self, created: str) -> bool:
        """Whether no replica has begun on another one than that made at `created`."""
        known = await self._rows.find_one({"_id": self._name})
        return known is not None and bool(known["created"] == created)
