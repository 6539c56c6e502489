"""docs/metrics.md holds every metric that any service registers."""

from tools import metrics


def test_each_metric_has_its_line_with_labels_and_meaning() -> None:
    page = metrics.page()
    assert "| `kiez_consumer_pending` | gauge | `durable` | Messages that a durable has not handled yet" in page
    assert (
        "| `kiez_rpc_calls_total` | counter | `rpc`, `status` | Calls by rpc and by the gRPC status that the caller got. |"
        in page
    )
    assert page.index("## funds") < page.index("`kiez_ledger_differences` | gauge")
    assert page.index("## notify") < page.index("`kiez_notifications` | gauge | `status`")


def test_a_metric_of_every_service_is_told_once() -> None:
    assert metrics.page().count("| `kiez_bugs_total` |") == 1
