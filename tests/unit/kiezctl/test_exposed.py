"""Reading what a service shows on /metrics, as the library that writes it does."""

import pytest
from prometheus_client import generate_latest

from chassis.metrics import Metrics
from kiezctl.exposed import Figures, read


def test_values_and_values_by_a_label_are_read_as_they_were_written() -> None:
    metrics = Metrics()
    metrics.parked.set(3)
    metrics.pending.labels("notify-funds").set(12)
    metrics.pending.labels("notify-events").set(0)
    found = read(generate_latest(metrics.registry).decode())
    assert found.value("kiez_parked") == 3
    assert found.by("kiez_consumer_pending", "durable") == {"notify-events": 0, "notify-funds": 12}


def test_a_share_of_a_histogram_is_reckoned_as_prometheus_does() -> None:
    metrics = Metrics()
    metrics.latency.labels("Never")
    for seconds in (*[0.08] * 90, *[0.2] * 10):
        metrics.latency.labels("GetActor").observe(seconds)
    metrics.latency.labels("Redrive").observe(60)
    found = read(generate_latest(metrics.registry).decode())
    # Of the ten between 0.1 and 0.25 s the fifth, as if they lay evenly; beyond the last bound nothing is known.
    assert found.below("kiez_rpc_seconds", "rpc", 0.95) == {"GetActor": pytest.approx(0.175), "Redrive": 10}
    assert found.below("kiez_rpc_seconds", "rpc", 0.45) == {"GetActor": pytest.approx(0.0875), "Redrive": 10}


def test_what_is_not_shown_is_said_to_be_absent() -> None:
    assert Figures().value("kiez_parked") == -1
    assert Figures().by("kiez_consumer_pending", "durable") == {}


def test_a_page_of_something_else_is_no_metrics() -> None:
    with pytest.raises(ValueError, match="invalid metric name"):
        read("<html>not here</html>")
