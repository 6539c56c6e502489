"""The ledger is proved without being asked, and a difference is a metric at once."""

from typing import Any

from prometheus_client import CollectorRegistry

from tests.support.city import City, eventually
from tests.support.funds import AUDITOR, a_pot

OFTEN: dict[str, Any] = {"prove_minutes": 0.005}


def differences(registry: CollectorRegistry) -> float:
    return registry.get_sample_value("kiez_ledger_differences") or 0


async def test_a_difference_is_found_without_being_asked_and_gone_when_it_is_mended(city: City) -> None:
    async with city.service("funds", **OFTEN) as funds:
        registry = funds.running.service.metrics.registry

        async def right() -> bool:
            proved = registry.get_sample_value("kiez_ledger_proved_timestamp_seconds") or 0
            return proved > 0 and differences(registry) == 0

        async def wrong() -> bool:
            return differences(registry) > 0

        # By which whoever waits for the next proof knows that it is late.
        assert registry.get_sample_value("kiez_ledger_proof_interval_seconds") == OFTEN["prove_minutes"] * 60
        pot = await a_pot(funds)
        await eventually(right)
        budgets = funds.running.service.store.rows("budgets")
        await budgets.update_one({"_id": pot.budget_id}, {"$inc": {"available_cents": 1}})
        await eventually(wrong)
        await budgets.update_one({"_id": pot.budget_id}, {"$inc": {"available_cents": -1}})
        await eventually(right)


async def test_what_an_auditor_has_proved_counts_and_a_part_of_it_does_not(city: City) -> None:
    async with city.service("funds") as funds:
        registry = funds.running.service.metrics.registry
        pot = await a_pot(funds)

        async def proved() -> bool:
            return bool(registry.get_sample_value("kiez_ledger_proved_timestamp_seconds"))

        await eventually(proved)
        budgets = funds.running.service.store.rows("budgets")
        await budgets.update_one({"_id": pot.budget_id}, {"$inc": {"available_cents": 1}})
        await funds.call("LedgerService/VerifyLedger", {"region": "01"}, AUDITOR)
        assert differences(registry) == 0
        await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)
        assert differences(registry) > 0
