"""The screen of `kiezctl status`: what is wrong first, then what waits, what is refused, what is slow."""

import time

from prometheus_client import Histogram
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kiezctl.answer import table
from kiezctl.endpoints import Endpoints
from kiezctl.ports import HOST
from kiezctl.seen import Seen, ServiceStatus

LETTERS = ("queued", "sending", "delivered", "failed", "dropped")
# So many reasons, and so many rpcs: all of it is in --json.
MOST = 5
LAST_BOUND = Histogram.DEFAULT_BUCKETS[-2]


def _short(address: str, name: str) -> str:
    """An address as it fits into a table: on this machine, or at a host called like the service, the port says all."""
    return address.rpartition("//")[2].removeprefix(f"{HOST}:").removeprefix(f"{name}:")


def show(out: Console, run: Endpoints, seen: Seen, version: str) -> None:
    """At most 40 lines of 100 columns, also on a bad day."""
    shown = table("service", "state", "outbox", "oldest", "blocked", "behind", "parked", "gRPC", "HTTP")
    for name, one in seen.services.items():
        state = Text("well", style="green") if one.is_well else Text(_wrong(one), style="red")
        shown.add_row(name, state, *_counts(one), _short(run.grpc(name), name), _short(run.http(name), name))
    out.print(shown)
    for name, one in seen.services.items():
        for sentence in one.says:
            out.print(f"{name}: {sentence}", style="yellow", markup=False)
    letters = ", ".join(f"{seen.letters[state]} {state}" for state in LETTERS if state in seen.letters) or "not known"
    out.print()
    out.print(_since_start(seen))
    out.print(f"\nLetters   {letters}")
    out.print(Text("Ledger    ") + _ledger(seen))
    nats_state = f"nats-server {seen.nats_version}" if seen.nats_version else "does not answer"
    out.print(f"NATS      {run.nats} ({nats_state})", soft_wrap=True)
    if run.mail:
        out.print(f"Mail      {run.mail}", soft_wrap=True)
    out.print(f"\nKiezwerk {version}")


def _counts(one: ServiceStatus) -> tuple[str, ...]:
    """What waits in the outbox, for how long, of how many records NATS refuses it, what is not heard yet, what is parked."""
    if one.unpublished < 0:
        return ("?",) * 5
    oldest = f"{one.oldest_seconds:.0f} s" if one.unpublished else ""
    return str(one.unpublished), oldest, str(one.blocked), str(sum(one.behind.values())), str(one.parked)


def _since_start(seen: Seen) -> Table:
    """What callers are refused most often, beside the rpcs that take longest."""
    refused = [(-count, name, reason) for name, one in seen.services.items() for reason, count in one.refused.items()]
    slow = [(-seconds, name, rpc) for name, one in seen.services.items() for rpc, seconds in one.p95_seconds.items()]
    refusals = table("service", "refused since its start", "calls")
    for count, name, reason in sorted(refused)[:MOST]:
        refusals.add_row(name, reason, str(-count))
    rpcs = table("service", "slowest rpc", "95 % take", "calls")
    for seconds, name, rpc in sorted(slow)[:MOST]:
        rpcs.add_row(name, rpc, _below(-seconds), str(seen.services[name].calls[rpc]))
    both = Table.grid(padding=(0, 3, 0, 0))
    both.add_row(refusals, rpcs)
    return both


def _below(seconds: float) -> str:
    """Beyond the last bound of its histogram, nothing is known of a call but that it took longer."""
    return f"< {seconds:.3f} s" if seconds < LAST_BOUND else f"> {LAST_BOUND:.0f} s"


def _ledger(seen: Seen) -> Text:
    if not seen.ledger_proved_at:
        return Text("not proved yet")
    ago = int(max(time.time() - seen.ledger_proved_at, 0) / 60)
    when = f"proved {ago} minute{'s' if ago > 1 else ''} ago" if ago else "proved just now"
    if seen.ledger_differences:
        return Text(f"{seen.ledger_differences} differences, {when}: `kiezctl ledger verify` names them", style="red")
    return Text(f"right, {when}")


def _wrong(one: ServiceStatus) -> str:
    if not one.serving:
        return "does not serve"
    if not one.ready:
        return "not ready"
    if one.awaited:
        return "not hearing"
    return "messages parked" if one.parked else "facts refused"
