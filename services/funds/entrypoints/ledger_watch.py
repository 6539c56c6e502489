"""The ledger proved again and again, and what came of it as a metric: a difference must not wait until somebody asks."""

import asyncio
from datetime import timedelta

import structlog
from prometheus_client import Gauge

from chassis.clock import machine_now
from chassis.metrics import Metrics
from chassis.ports import Caller, Role
from chassis.refusals import Refusal
from lor import CITY
from services.funds.usecases.verification import Verification, VerificationUseCases, VerifyLedger

log = structlog.get_logger()

SELF = Caller("ledger-watch", (Role("auditor"),))


class LedgerWatch:
    """Proves the whole ledger when the service starts and `every` so often; what an auditor asks for counts too."""

    def __init__(self, ledger: VerificationUseCases, metrics: Metrics, every: timedelta) -> None:
        self._ledger, self._every = ledger, every
        self._differences = Gauge(
            "kiez_ledger_differences",
            "What in the ledger is not what its postings give, at the last proof of all of it; -1 before the first.",
            registry=metrics.registry,
        )
        self._proved_at = Gauge(
            "kiez_ledger_proved_timestamp_seconds",
            "When all of the ledger was last proved (Unix time); 0 before the first proof.",
            registry=metrics.registry,
        )
        Gauge(
            "kiez_ledger_proof_interval_seconds",
            "How often all of the ledger is to be proved: FUNDS_PROVE_MINUTES.",
            registry=metrics.registry,
        ).set(every.total_seconds())
        self._cents = Gauge(
            "kiez_ledger_cents",
            "Cents on each account of all budgets together, at the last proof; that of `title` is negative.",
            ["account"],
            registry=metrics.registry,
        )
        self._differences.set(-1)

    async def verify_ledger(self, query: VerifyLedger, caller: Caller) -> Verification:
        found = await self._ledger.verify_ledger(query, caller)
        if query.region in {"", CITY}:
            self._differences.set(len(found.differences))
            self._proved_at.set(machine_now().timestamp())
            for account, cents in found.balances.items():
                self._cents.labels(account.value).set(cents)
        return found

    async def run(self) -> None:
        while True:
            await self._prove()
            await asyncio.sleep(self._every.total_seconds())

    async def _prove(self) -> None:
        try:
            found = await self.verify_ledger(VerifyLedger(), SELF)
        except Refusal as refusal:
            log.warning("the ledger could not be proved now", reason=refusal.reason)
            return
        for difference in found.differences[:20]:
            log.error("the ledger differs from its postings", id=difference.of_id, what=difference.what)
