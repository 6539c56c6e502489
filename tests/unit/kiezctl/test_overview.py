"""`kiezctl status` on one screen: it names what is refused, slow and blocked, and never outgrows a terminal."""

import io
from dataclasses import replace

from prometheus_client import generate_latest
from rich.console import Console

from chassis.metrics import Metrics
from kiezctl.endpoints import Endpoints
from kiezctl.exposed import read
from kiezctl.overview import show
from kiezctl.ports import SERVICES
from kiezctl.seen import Seen, ServiceStatus, as_measured

RUN = Endpoints(
    services={
        name: {"grpc": f"127.0.0.1:710{at}", "http": f"http://127.0.0.1:720{at}"} for at, name in enumerate(SERVICES)
    },
    nats="nats://127.0.0.1:4222",
    nats_monitor="http://127.0.0.1:8222",
    mail="http://127.0.0.1:7280",
)
MOST_LINES, MOST_COLUMNS = 40, 100


def measured(metrics: Metrics) -> ServiceStatus:
    return as_measured(read(generate_latest(metrics.registry).decode()))


def screen(services: dict[str, ServiceStatus]) -> list[str]:
    written = io.StringIO()
    seen = Seen(services, {"queued": 3, "delivered": 40}, 2, 0, "2.11")
    show(Console(file=written, width=MOST_COLUMNS, highlight=False), RUN, seen, "0.1.0")
    lines = [line.rstrip() for line in written.getvalue().splitlines()]
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= MOST_COLUMNS
    return lines


def well(metrics: Metrics) -> ServiceStatus:
    return replace(measured(metrics), serving=True, ready=True, unpublished=0, oldest_seconds=0, blocked=0, parked=0)


def test_the_most_frequent_refusals_and_the_slowest_rpcs_are_shown_with_their_service() -> None:
    funds, notify = Metrics(), Metrics()
    for reason, count in {"BUDGET_EXCEEDED": 312, "ROUND_CLOSED": 9, "A": 4, "B": 3, "C": 2, "RARE": 1}.items():
        funds.refusals.labels(reason).inc(count)
    notify.refusals.labels("TOO_MANY_CALLS").inc(20)
    for number in range(8):
        notify.latency.labels(f"Rpc{number}").observe(0.01 * 2**number)
    for _ in range(3):
        funds.latency.labels("AwardGrant").observe(2)
    funds.latency.labels("NeverCalled")
    lines = screen({name: well({"funds": funds, "notify": notify}.get(name, Metrics())) for name in SERVICES})
    start = next(number for number, line in enumerate(lines) if "refused since" in line)
    shown = [line.split() for line in lines[start + 2 : start + 7]]
    assert [row[:3] for row in shown] == [
        ["funds", "BUDGET_EXCEEDED", "312"],
        ["notify", "TOO_MANY_CALLS", "20"],
        ["funds", "ROUND_CLOSED", "9"],
        ["funds", "A", "4"],
        ["funds", "B", "3"],
    ]
    assert shown[0][3:] == ["funds", "AwardGrant", "<", "2.425", "s", "3"]
    assert [row[4] for row in shown[1:]] == ["Rpc7", "Rpc6", "Rpc5", "Rpc4"]


def test_aggregates_that_nats_refuses_are_counted_beside_what_waits() -> None:
    blocked = replace(well(Metrics()), unpublished=7, oldest_seconds=80, blocked=2)
    lines = screen({name: blocked if name == "funds" else well(Metrics()) for name in SERVICES})
    assert lines[0].split()[:6] == ["service", "state", "outbox", "oldest", "blocked", "behind"]
    (of_funds,) = (line for line in lines if line.startswith("funds"))
    assert of_funds.split()[:8] == ["funds", "facts", "refused", "7", "80", "s", "2", "0"]


def test_a_system_that_was_just_started_has_a_screen_too() -> None:
    assert any(line.startswith("actors") for line in screen({name: ServiceStatus(False, False) for name in SERVICES}))


def test_the_worst_day_stays_on_one_screen() -> None:
    metrics = Metrics()
    for number in range(30):
        metrics.refusals.labels(f"BUDGET_HAS_OPEN_COMMITMEN{number:02}").inc(99_999)
        metrics.latency.labels(f"ScheduleAnnounceme{number:02}").observe(9)
    says = ["nats does not answer; facts wait in the outbox, and nothing is heard from others",
            "parked 9999 waiting for an operator (kiezctl parked list)",
            "outbox NATS refuses facts of 100 aggregates (kiezctl outbox status)"]  # fmt: skip
    bad = replace(well(metrics), unpublished=10_000, oldest_seconds=99_999, blocked=100, parked=9_999, says=says)
    lines = screen(dict.fromkeys(SERVICES, bad))
    assert len([line for line in lines if "ScheduleAnnounceme" in line and "BUDGET_HAS_OPEN_COMMITMEN" in line]) == 5


def test_of_a_call_that_took_longer_than_is_measured_no_more_is_said() -> None:
    metrics = Metrics()
    metrics.latency.labels("RepublishOutbox").observe(200)
    lines = screen(dict.fromkeys(SERVICES, well(metrics)))
    assert any(line.endswith("RepublishOutbox   > 10 s      1") for line in lines)


def test_a_service_that_does_not_hear_is_not_well() -> None:
    metrics = Metrics()
    metrics.awaited.set(1)
    deaf = well(metrics)
    assert not deaf.is_well
    assert well(Metrics()).is_well
    lines = screen({name: deaf if name == "notify" else well(Metrics()) for name in SERVICES})
    assert next(line.split()[1:3] for line in lines if line.split()[:1] == ["notify"]) == ["not", "hearing"]
