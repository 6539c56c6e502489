"""Where NATS is, and the connection options that neither library gets to choose."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faststream.nats.security import NatsNKey, NatsSecurity

from chassis.tls import trusting

# A server that says nothing is taken for gone at the third ping, after 30 s.
PING_SECONDS = 10
MOST_PINGS_UNANSWERED = 2


@dataclass(frozen=True, slots=True)
class NatsAddress:
    """Where NATS is and how this service logs in; `nkey` is the file with its seed, `ca` says whom to trust.

    `inbox_prefix` is where answers and pulled messages come to: whoever may read it reads what this service consumes.
    """

    url: str
    nkey: Path | None = None
    inbox_prefix: str = "_INBOX"
    ca: Path | None = None

    def for_nats(self, name: str, closed: Callable[[], Awaitable[None]]) -> dict[str, Any]:
        """The options of nats-py's connect."""
        login = {"nkeys_seed": str(self.nkey)} if self.nkey else {}
        return self._options(name, closed) | self._tls("tls") | login

    def for_faststream(self, name: str, closed: Callable[[], Awaitable[None]]) -> dict[str, Any]:
        """The options of FastStream's broker."""
        tls = self._tls("ssl_context")
        security = NatsNKey.from_file(self.nkey, **tls) if self.nkey else NatsSecurity(**tls)
        return self._options(name, closed) | {"security": security}

    def _tls(self, context: str) -> dict[str, Any]:
        # Left to itself nats-py takes tls:// for a wish: it talks plainly to whoever says that no TLS is needed.
        first = {"tls_handshake_first": True} if self.url.startswith("tls://") else {}
        return first | ({context: trusting(self.ca)} if self.ca else {})

    def _options(self, name: str, closed: Callable[[], Awaitable[None]]) -> dict[str, Any]:
        # A connection that the library gives up spins for ever: `closed` must end the process.
        return {
            "servers": [self.url],
            "name": name,
            "max_reconnect_attempts": -1,
            "reconnect_time_wait": 1,
            "connect_timeout": 3,
            # By the library's own, one that is frozen is noticed after six minutes.
            "ping_interval": PING_SECONDS,
            "max_outstanding_pings": MOST_PINGS_UNANSWERED,
            "closed_cb": closed,
            "inbox_prefix": self.inbox_prefix.encode(),
        }
