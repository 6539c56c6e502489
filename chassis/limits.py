"""How often one caller may ask, and how much at once: token buckets in this process, by `sub` and by address; each replica counts for itself."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from chassis.clock import machine_seconds
from chassis.crowds import Place, Places
from chassis.refusals import Exhausted, Refusal

Network = IPv4Network | IPv6Network
MOST = 20_000


class Buckets:
    """Each key may ask `burst` times at once and `rate` times a second (0: as often as it likes).

    At most `MOST` keys are remembered; the one that was seen least recently is forgotten, and begins anew.
    """

    def __init__(self, rate: float, burst: float, now: Callable[[], float] = machine_seconds) -> None:
        self._rate, self._burst, self._now = rate, max(1, burst), now
        self._filled: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Exhausted, with the seconds until the next call, when the bucket of this key is empty."""
        if not self._rate:
            return
        now = self._now()
        left, since = self._filled.pop(key, (float(self._burst), now))
        left = min(self._burst, left + (now - since) * self._rate)
        allowed = left >= 1
        self._filled[key] = (left - allowed, now)
        if len(self._filled) > MOST:
            self._filled.popitem(last=False)
        if not allowed:
            raise _limited((1 - left) / self._rate)

    def give_back(self, key: str) -> None:
        """What was taken did not count after all."""
        if key in self._filled:
            left, since = self._filled[key]
            self._filled[key] = (min(self._burst, left + 1), since)


class Limits:
    """The limits of one service. Addresses in `uncounted` networks are not limited at all."""

    def __init__(
        self,
        *,
        calls_per_second: float,
        open_calls_per_second: float,
        posts_per_minute: float,
        guesses_per_minute: float = 0,
        uncounted: Sequence[Network] = (),
        now: Callable[[], float] = machine_seconds,
    ) -> None:
        self._subs = Buckets(calls_per_second, 2 * calls_per_second, now)
        self._addresses = Buckets(open_calls_per_second, 2 * open_calls_per_second, now)
        self._posts = Buckets(posts_per_minute / 60, posts_per_minute, now)
        self._links = Buckets(posts_per_minute / 60, posts_per_minute, now)
        self._guesses = Buckets(guesses_per_minute / 60, guesses_per_minute, now)
        self._probes = Buckets(open_calls_per_second, 2 * open_calls_per_second, now)
        # Half of the places are kept for who has a token.
        self._open, self._known = Places(500, 100), Places(1_000, 300)
        self._probing, self._streams, self._waiting = Places(400, 40), Places(200, 10), Places(100, 30)
        self._uncounted = tuple(uncounted)

    def call(self, sub: str, address: str) -> None:
        """A call by a token's `sub`, or by an address when it has no token that holds."""
        key = self.key(address)
        if key and sub:
            self._subs.take(sub)
        elif key:
            self._addresses.take(key)

    def probe(self, address: str) -> None:
        """What is asked of health or reflection: by itself, so that who asks too much of the rest is still told that it serves."""
        if key := self.key(address):
            self._probes.take(key)

    def at_once(self, sub: str, address: str) -> AbstractContextManager[None]:
        """A call under way, whose request may be still to come."""
        key = self.key(address)
        return self._known.taken(key and sub) if sub else self._open.taken(key)

    def probing(self, address: str) -> AbstractContextManager[None]:
        """A question to health whose request may be still to come."""
        return self._probing.taken(self.key(address))

    def streaming(self, address: str) -> AbstractContextManager[None]:
        """Health that is watched, or reflection, which last as long as the caller likes."""
        return self._streams.taken(self.key(address))

    def waiting(self, sub: str, address: str) -> Place:
        """A read that waits until a copy has what it is to have seen."""
        key = self.key(address)
        return Place(self._waiting, key and (sub or key))

    def page(self, address: str) -> None:
        """A page that is asked for, whether to read it or with a form."""
        if key := self.key(address):
            self._addresses.take(key)

    def form(self, address: str) -> None:
        """A form that is sent, or a call that is as one: everybody may send it, and a letter goes out for it."""
        if key := self.key(address):
            self._posts.take(key)

    def link(self, address: str, link: str) -> None:
        """A form behind a secret link, which is counted by the link: a mail provider sends those of all its people from one address."""
        if self.key(address):
            self._links.take(link)

    @contextmanager
    def guessing(self, address: str, wrong: tuple[str, ...]) -> Iterator[None]:
        """A try at a secret, wrong when refused with one of these reasons. It is taken before the answer is known, so that many at once are
        no way round, and given back when it was not wrong.
        """
        key = self.key(address) if wrong else ""
        if key:
            self._guesses.take(key)
        try:
            yield
        except Refusal as refusal:
            if refusal.reason not in wrong:
                self._guesses.give_back(key)
            raise
        else:
            self._guesses.give_back(key)

    def key(self, address: str) -> str:
        """Whom an address stands for; empty for one that is not counted."""
        return _key(address, self._uncounted)


@lru_cache(MOST)
def _key(address: str, uncounted: tuple[Network, ...]) -> str:
    """Whom an address stands for; empty for one that is not counted, as a socket file of this machine."""
    try:
        ip = ip_address(address)
    except ValueError:
        return ""
    if isinstance(ip, IPv6Address):
        ip = ip.ipv4_mapped or ip
    if any(ip in network for network in uncounted):
        return ""
    # A household or a server has a whole network of 64 bits to ask from.
    return str(ip_network((ip, 64), strict=False)) if isinstance(ip, IPv6Address) else str(ip)


def networks(text: str) -> tuple[Network, ...]:
    """`10.0.0.0/8,::1/128` as networks; ValueError for anything else."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def _limited(seconds: float) -> Exhausted:
    sentence = f"That is more than one caller may ask; try again in {seconds:.1f} s."
    return Exhausted("RATE_LIMITED", sentence, retry_after=seconds)
