"""How many may be at something at once: places in this process, in all and of one caller."""

from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from chassis.refusals import Exhausted

RETRY_SECONDS = 1.0


class Places:
    """`in_all` places, of which one key has `of_one` at most; who has no key ("") is counted among all alone."""

    def __init__(self, in_all: int, of_one: int) -> None:
        self._in_all, self._of_one = in_all, of_one
        self._taken: Counter[str] = Counter()

    def is_full(self, key: str) -> bool:
        return self._taken.total() >= self._in_all or bool(key and self._taken[key] >= self._of_one)

    @contextmanager
    def taken(self, key: str) -> Iterator[None]:
        """A place for as long as the block lasts; Exhausted when there is none."""
        if self.is_full(key):
            raise Exhausted("CROWDED", "Too many ask at once; try again in a moment.", retry_after=RETRY_SECONDS)
        self._taken[key] += 1
        try:
            yield
        finally:
            self._taken[key] -= 1
            if not self._taken[key]:
                del self._taken[key]


@dataclass(frozen=True, slots=True)
class Place:
    """The place that one key may take."""

    places: Places
    key: str

    @property
    def is_free(self) -> bool:
        return not self.places.is_full(self.key)

    def taken(self) -> AbstractContextManager[None]:
        return self.places.taken(self.key)
