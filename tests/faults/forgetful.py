"""A service whose protections are switched off: `python -m tests.faults.forgetful funds`. The checker must see it."""

import importlib
import sys
from typing import Any

from chassis import process, runtime
from chassis.idempotency import Answer, Repeats
from chassis.outbox import Chain, Relay
from chassis.store import StoreTransaction


class NoRepeats(Repeats):
    """Remembers no request_id: a repeated command is a second one."""

    async def find(self, key: str, digest: str) -> Answer | None:
        return None

    def keep(self, tx: StoreTransaction, key: str, digest: str, answer: Answer, *, secret: bool) -> None:
        return None


class NoMarks(Relay):
    """Publishes without the id by which the server knows a repeat."""

    async def _lowest(self, aggregate: str, chain: Chain) -> dict[str, Any] | None:
        row = await super()._lowest(aggregate, chain)
        if row is None:
            return None
        return {**row, "headers": {key: value for key, value in row["headers"].items() if key != "Nats-Msg-Id"}}


if __name__ == "__main__":
    name = sys.argv[1]
    settings = importlib.import_module(f"services.{name}.settings")
    vars(runtime).update(Repeats=NoRepeats, Relay=NoMarks)
    process.main(getattr(settings, f"{name.title()}Settings"), importlib.import_module(f"services.{name}.app").build)
