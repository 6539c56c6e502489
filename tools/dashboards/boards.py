"""What each dashboard shows: the system, each service, the money."""

from chassis.rpc.status import FAILURES
from tools.dashboards.panels import Board, Curves, Number, Panel

SERVICES = ("actors", "funds", "events", "notify")
ALL = 'job=~"actors|funds|events|notify"'
BAD_STATUS = f'status=~"{"|".join(FAILURES)}"'
EURO = "currencyEUR"


def _rate(metric: str, by: str, where: str = "") -> str:
    return f"sum by ({by}) (rate({metric}{{{where}}}[$__rate_interval]))"


def _slowest(share: float, by: str, where: str) -> str:
    return f"histogram_quantile({share}, {_rate('kiez_rpc_seconds_bucket', f'{by}, le', where)})"


def system() -> Board:
    calls = _rate("kiez_rpc_calls_total", "job")
    return Board(
        "system",
        "Kiezwerk: the system",
        "Whether all of it works, and what waits or is stuck.",
        (
            ("Now", (
                Number("Ready", "Replicas that take calls.", f"sum(kiez_ready{{{ALL}}})", bad=len(SERVICES), down=True),
                Number("At NATS", "Replicas with a connection.", f"sum(kiez_nats_connected{{{ALL}}})", bad=len(SERVICES), down=True),
                Number("Alerts", "Alerts that fire; docs/operations/alerts.md.", 'count(ALERTS{alertstate="firing"}) or vector(0)', bad=1),
                Number("Parked", "Messages that wait for a person.", "sum(max by (job) (kiez_parked))", bad=1),
                Number("Blocked", "Records whose next fact NATS refuses.", "sum(max by (job) (kiez_outbox_blocked_aggregates))", bad=1),
                Number("Ledger", "Balances that are not what their postings give.", "max(kiez_ledger_differences)", bad=1),
            )),
            ("Calls", (
                Curves("Calls a second", "By service.", ((_rate("kiez_rpc_calls_total", "job"), "{{job}}"),), "reqps"),
                Curves("Share of calls that fail", "Not refusals: errors of the system.", (
                    (f"({_rate('kiez_rpc_calls_total', 'job', BAD_STATUS)} or 0 * {calls}) / {calls}", "{{job}}"),), "percentunit"),
                Curves("Seconds of a call", "What half of them and all but one in a hundred stay below.", (
                    (_slowest(0.5, "job", ""), "{{job}} half"), (_slowest(0.99, "job", ""), "{{job}} 99 %")), "s"),
                Curves("Refusals a second", "By reason.", ((_rate("kiez_refusals_total", "reason"), "{{reason}}"),), "reqps"),
            )),
            ("Messages", (
                Curves("Said a second", "Facts that NATS has acknowledged.", ((_rate("kiez_published_total", "job"), "{{job}}"),)),
                Curves("Heard a second", "By service and outcome.", (
                    (_rate("kiez_consumed_total", "job, outcome"), "{{job}} {{outcome}}"),)),
                Curves("Oldest fact that waits", "Age in the outbox.", (("max by (job) (kiez_outbox_oldest_seconds)", "{{job}}"),), "s"),
                Curves("Not heard yet", "Messages that wait, by durable.", (("max by (durable) (kiez_consumer_pending)", "{{durable}}"),)),
            )),
            ("Machine", (
                Number("Free disk", "Of the disk that the volumes lie on.",
                       "min(kiez_disk_free_bytes / kiez_disk_size_bytes)", "percentunit", 0.15, down=True),
                Number("Last backup", "How long ago.", "time() - max(kiez_backup_timestamp_seconds)", "s", 2 * 86_400),
                Number("Certificates", "Until the first ends.", "min(kiez_certificate_end_timestamp_seconds) - time()", "s", 14 * 86_400, down=True),
            )),
        ),
    )  # fmt: skip


def service(name: str) -> Board:
    mine = f'job="{name}"'
    return Board(
        name,
        f"Kiezwerk: {name}",
        f"The service {name}: its calls, what it says, what it hears.",
        (
            ("Now", (
                Number("Ready", "Replicas that take calls.", f"sum(kiez_ready{{{mine}}})", bad=1, down=True),
                Number("At NATS", "Replicas with a connection.", f"sum(kiez_nats_connected{{{mine}}})", bad=1, down=True),
                Number("Unpublished", "Facts that wait in the outbox.", f"max(kiez_outbox_unpublished{{{mine}}})"),
                Number("Oldest", "Age of the oldest of them.", f"max(kiez_outbox_oldest_seconds{{{mine}}})", "s", 60),
                Number("Blocked", "Records whose next fact NATS refuses.", f"max(kiez_outbox_blocked_aggregates{{{mine}}})", bad=1),
                Number("Parked", "Messages that wait for a person.", f"max(kiez_parked{{{mine}}})", bad=1),
            )),
            ("Calls", (
                Curves("Calls a second", "By rpc.", ((_rate("kiez_rpc_calls_total", "rpc", mine), "{{rpc}}"),), "reqps"),
                Curves("Answers a second", "By status.", ((_rate("kiez_rpc_calls_total", "status", mine), "{{status}}"),), "reqps"),
                Curves("99 of 100 calls take less than", "By rpc.", ((_slowest(0.99, "rpc", mine), "{{rpc}}"),), "s"),
                Curves("Refusals a second", "By reason.", ((_rate("kiez_refusals_total", "reason", mine), "{{reason}}"),), "reqps"),
            )),
            ("Messages and timers", (
                Curves("Said a second", "By fact.", ((_rate("kiez_published_total", "type", mine), "{{type}}"),)),
                *_hearing(name, mine),
            )),
        ),
    )  # fmt: skip


def _hearing(name: str, mine: str) -> tuple[Panel, ...]:
    """What only some services have: messages that they hear, times at which they act, letters."""
    heard: tuple[Panel, ...] = (
        Curves("Heard a second", "By message and outcome.", (
            (_rate("kiez_consumed_total", "type, outcome", mine), "{{type}} {{outcome}}"),)),
        Curves("Not heard yet", "By durable.", ((f"max by (durable) (kiez_consumer_pending{{{mine}}})", "{{durable}}"),)),
    )  # fmt: skip
    timers = Curves("Due a second", "Times at which it acts by itself, by purpose and outcome.", (
        (_rate("kiez_timers_fired_total", "purpose, outcome", mine), "{{purpose}} {{outcome}}"),))  # fmt: skip
    letters: tuple[Panel, ...] = (
        Curves("Letters", "By state.", ((f"max by (status) (kiez_notifications{{{mine}}})", "{{status}}"),)),
        Curves("Tries a second", "By template and outcome.", (
            (_rate("kiez_letters_total", "template, outcome", mine), "{{template}} {{outcome}}"),)),
        Curves("Broadcasts that run", "Letters to many.", ((f"max(kiez_broadcasts_running{{{mine}}})", "running"),)),
    )  # fmt: skip
    return {"actors": (), "funds": (*heard, timers), "events": (*heard, timers), "notify": (*heard, *letters)}[name]


def money() -> Board:
    of_funds = "kiezwerk.funds.v1."
    facts = "|".join(
        f"{of_funds}{fact}".replace(".", "[.]")
        for fact in ("application_submitted", "grant_awarded", "payment_ordered", "payment_paid", "grant_settled")
    )
    return Board(
        "money",
        "Kiezwerk: the money",
        "Where the money of all budgets stands, and whether the ledger proves it. Figures are those of the last proof.",
        (
            ("Now", (
                *(Number(title, says, f'max(kiez_ledger_cents{{account="{account}"}}) / 100', EURO) for title, says, account in (
                    ("Available", "Released, and not promised yet.", "available"),
                    ("Promised", "Awarded, and not paid yet.", "committed"),
                    ("Paid", "Paid to recipients.", "paid"),
                    ("Blocked", "Held back.", "blocked"),
                )),
                Number("Differences", "Balances that are not what their postings give.", "max(kiez_ledger_differences)", bad=1),
                Number("Proved", "How long ago.", "time() - max(kiez_ledger_proved_timestamp_seconds)", "s", 10_800),
            )),
            ("Course", (
                Curves("Money by account", "Of all budgets together.", (
                    ("max by (account) (kiez_ledger_cents) / 100", "{{account}}"),), EURO),
                Curves("What is done an hour", "Applications, awards, payments, settlements.", (
                    (f'3600 * sum by (type) (rate(kiez_published_total{{job="funds",type=~"{facts}"}}[$__rate_interval]))', "{{type}}"),)),
                Curves("Postings a minute", "Movements of money.", (
                    (f'60 * sum(rate(kiez_published_total{{type="{of_funds}ledger_posted"}}[$__rate_interval]))', "postings"),)),
                Curves("Refusals of funds a second", "By reason: what people try and may not.", (
                    (_rate("kiez_refusals_total", "reason", 'job="funds"'), "{{reason}}"),), "reqps"),
            )),
        ),
    )  # fmt: skip


def boards() -> tuple[Board, ...]:
    return (system(), *(service(name) for name in SERVICES), money())
