"""MongoDB behind one door: no driver type leaves this package, so another driver is a change in here alone."""

from chassis.store.connection import Store
from chassis.store.records import Index, StoredAggregates, StoredRecords, Total
from chassis.store.transaction import StoreTransaction

__all__ = ["Index", "Store", "StoreTransaction", "StoredAggregates", "StoredRecords", "Total"]
