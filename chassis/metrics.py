"""The chassis' own metrics; a service adds its own to the same registry."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """One registry a service process; labels are types, rpcs and reasons, never ids or regions."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.ready = Gauge(
            "kiez_ready", "1 when it takes calls; looked at each time this page is read.", registry=self.registry
        )
        self.connected = Gauge(
            "kiez_nats_connected",
            "1 while NATS answers; facts wait in the outbox while it does not.",
            registry=self.registry,
        )
        self.calls = Counter(
            "kiez_rpc_calls",
            "Calls by rpc and by the gRPC status that the caller got.",
            ["rpc", "status"],
            registry=self.registry,
        )
        self.latency = Histogram("kiez_rpc_seconds", "Seconds a call took.", ["rpc"], registry=self.registry)
        self.refusals = Counter("kiez_refusals", "Refused calls by reason.", ["reason"], registry=self.registry)
        self.bugs = Counter("kiez_bugs", "Errors that no rule foresaw.", ["where"], registry=self.registry)
        self.published = Counter("kiez_published", "Messages acknowledged by NATS.", ["type"], registry=self.registry)
        self.unpublished = Gauge("kiez_outbox_unpublished", "Facts that wait in the outbox.", registry=self.registry)
        self.oldest = Gauge(
            "kiez_outbox_oldest_seconds", "Age of the oldest fact that waits in the outbox.", registry=self.registry
        )
        self.blocked = Gauge(
            "kiez_outbox_blocked_aggregates", "Aggregates whose next fact NATS refuses.", registry=self.registry
        )
        self.consumed = Counter(
            "kiez_consumed", "Messages by type and outcome.", ["type", "outcome"], registry=self.registry
        )
        self.pending = Gauge(
            "kiez_consumer_pending",
            "Messages that a durable has not handled yet, its lag; read every few seconds.",
            ["durable"],
            registry=self.registry,
        )
        self.awaited = Gauge(
            "kiez_streams_awaited",
            "Streams that it consumes and does not hear yet: not there, or its durable is not as it must be.",
            registry=self.registry,
        )
        self.parked = Gauge(
            "kiez_parked", "Messages that wait for an operator; no more than 1,000 are counted.", registry=self.registry
        )
        self.timers = Counter(
            "kiez_timers_fired", "Timers by purpose and outcome.", ["purpose", "outcome"], registry=self.registry
        )
