"""The outbox of one service: brought to NATS by the relay, never deleted, compared with the stream by the journal."""

from chassis.outbox.chain import Chain
from chassis.outbox.journal import Journal, Reconciliation
from chassis.outbox.relay import Relay

__all__ = ["Chain", "Journal", "Reconciliation", "Relay"]
