"""The chains of all aggregates that a relay holds in memory: no more than some rows, the rest waits in the store."""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from chassis.outbox.chain import Chain

# About 6.6 kB each, where each is of another aggregate: what one process has of memory is far more.
MOST_ROWS = 5_000


class Chains:
    """By aggregate, with at least one row each. Whoever refuses so many of them refuses all, so that nothing else could go on."""

    def __init__(self) -> None:
        self._chains: dict[str, Chain] = {}
        self._held = 0

    def __len__(self) -> int:
        return len(self._chains)

    def __iter__(self) -> Iterator[Chain]:
        return iter(self._chains.values())

    def add(self, row: dict[str, Any]) -> Chain | None:
        """The chain that holds `row` now. None where there is no room: a gap in a chain is seen by its numbers.

        Nor is there any behind a row that NATS refuses: one aggregate would else keep out all others.
        """
        chain = self._chains.get(row["aggregate"], Chain())
        if any(waiting["_id"] == row["_id"] for waiting in chain.rows):
            return chain
        if chain.blocked or self._held >= MOST_ROWS:
            return None
        self._chains[row["aggregate"]] = chain
        chain.rows.append(row)
        self._held += 1
        return chain

    def replace(self, chain: Chain, rows: Sequence[dict[str, Any]]) -> None:
        """What the store holds of it, lowest first, in place of what memory held: as much as there is room for, or one."""
        others = self._held - len(chain.rows)
        chain.rows = deque(rows[: max(MOST_ROWS - others, 1)])
        self._held = others + len(chain.rows)

    def drop_first(self, chain: Chain) -> None:
        chain.rows.popleft()
        self._held -= 1

    def block(self, chain: Chain, reason: str) -> None:
        """NATS refuses its first row; those behind it are left to the store."""
        chain.blocked = reason
        self.replace(chain, [chain.rows[0]])

    def end(self, aggregate: str) -> None:
        """It has no rows any more."""
        self._chains.pop(aggregate, None)

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(row["_id"] for chain in self for row in chain.rows)

    @property
    def blocked(self) -> dict[str, str]:
        """The server's words by aggregate."""
        return {aggregate: chain.blocked for aggregate, chain in self._chains.items() if chain.blocked}
