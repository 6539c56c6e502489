"""HTTP: every route with junk in its path, query, headers and body, written to the socket as no client would."""

import asyncio
import re
import time
from itertools import pairwise
from random import Random
from urllib.parse import quote, urlsplit

from starlette.routing import Route

from tests.faults.fuzz.pool import Pool
from tests.faults.fuzz.rules import Answer, Case
from tests.faults.fuzz.values import HOSTILE_TEXTS, REGIONS
from tests.support.city import Started

SECRET = "0123456789abcdef" * 2
# One of so many inputs asks a route as a browser would, each route and method in its turn.
TURN = 20
PARAMETER = re.compile(r"{(\w+)}")
EVERYWHERE = (
    "/",
    "/livez/",
    "//",
    "/{}",
    "/a/../livez",
    "*",
    "http://[/livez",
    "http://x/livez",
)
METHODS = (
    *("GET",) * 6,
    *("POST",) * 4,
    "HEAD",
    "PUT",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "PATCH",
    "CONNECT",
    "get",
    "G" * 300,
)
QUERIES = ("region", "year", "page_token", "kind", "organiser", "topic", "lang", "x", "", "region[]", "%ff")
FORM = b"email=kim%%2B%d@example.org&lang=de&kind=announcements&region=114009"
FIELDS = ("email", "lang", "kind", "region", "x", "", "%00")
HEADERS = (
    "If-None-Match: *", 'If-None-Match: "a", W/"b", "', "If-None-Match: " + '"x",' * 3000, "If-Modified-Since: yesterday",
    "Accept-Language: " + "de;q=9," * 2000, "Accept-Language: \xff\xfe", "Accept-Language: ;q=", "Cookie: " + "a=b;" * 5000,
    "Range: bytes=9-1", "Host: [", "Host: a:b:c", "Host: ]:99999999", "Host: \xff", "Host: ", "X-Forwarded-For: 1.2.3.4, junk",
    "X-Forwarded-Proto: javascript", "Content-Type: multipart/form-data", "Content-Type: multipart/form-data; boundary=\xff",
    "Content-Type: application/x-www-form-urlencoded; charset=nonsense", "Content-Type: text/\x01", "Upgrade: websocket",
    "Upgrade: h2c", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAA\r\nSec-WebSocket-Version: 13",
    "Expect: 100-continue", "Expect: nonsense", "Transfer-Encoding: gzip", "Transfer-Encoding: chunked\r\nContent-Length: 5",
    "Content-Length: -1", "Content-Length: 1\r\nContent-Length: 2", "Content-Length: 99999999999999999999", "Content-Length: x",
    "X: " + "y" * 70_000, ": empty", "No colon", " folded: header", "Authorization: Bearer x", "Date: \0",
)  # fmt: skip
READ_SECONDS = 20.0
# How long to wait for an answer to a request whose end never comes.
IMPATIENT = 0.3


class Pages:
    """Makes and sends requests to the web servers of the services."""

    def __init__(self, services: dict[str, Started], pool: Pool, seed: str) -> None:
        self._services, self._pool, self._seed = services, pool, seed
        self._routes = {
            name: [route for route in started.running.web.app.routes if isinstance(route, Route)]
            for name, started in services.items()
        }
        self.turns = [
            (name, method, route)
            for name, routes in self._routes.items()
            for route in routes
            for method in sorted(route.methods or ())
        ]
        self.asked = {_kind(name, method, route.path) for name, method, route in self.turns}
        """What `kind_of` calls the routes and their methods."""

    def make(self, number: int) -> Case:
        random = Random(f"{self._seed}:page:{number}")
        if number % TURN == 0:
            return self._in_turn(random, number)
        service = random.choice(("events", "notify", "notify", *self._services))
        if random.random() < 0.03:
            return Case(
                number, service, "HTTP garbage", random.randbytes(random.choice((1, 40, 3_000))), seconds=IMPATIENT
            )
        label, path = self._place(random, service)
        method = random.choice(METHODS)
        path += self._query(random)
        body, lines, whole = self._body(random, method)
        host = [] if random.random() < 0.03 else ["Host: 127.0.0.1"]
        junk = random.sample(HEADERS, random.choice((0, 0, 1, 1, 2)))
        if any(line.startswith("Host") for line in junk):
            host = []
        head = "\r\n".join(
            [f"{method} {path} HTTP/{random.choice(('1.1', '1.1', '1.1', '1.0', '9.9'))}", *host, *lines, *junk]
        )
        data = (head + "\r\nConnection: close\r\n\r\n").encode("latin-1", "replace") + body
        patient = whole and not any(
            line.startswith(("Content-Length", "Transfer-Encoding", "Connection")) for line in junk
        )
        return Case(number, service, f"HTTP {method[:8]} {label}", data, seconds=READ_SECONDS if patient else IMPATIENT)

    def _place(self, random: Random, service: str) -> tuple[str, str]:
        """A route of the service, or a place where none is, and an address there."""
        routes = self._routes[service]
        if random.randrange(len(routes) * 3 + len(EVERYWHERE)) < len(EVERYWHERE):
            stray = random.choice(EVERYWHERE)
            return stray, stray.replace("{}", self._junk(random))
        route = random.choice(routes)
        return route.path, self._path(random, service, route, 0.6)

    def kind_of(self, case: Case) -> str:
        """Service, method and route, or the service alone where it asks none of its routes."""
        kind = f"{case.service} {case.rpc}"
        return kind if kind in self.asked else f"{case.service} HTTP"

    def _in_turn(self, random: Random, number: int) -> Case:
        service, method, route = self.turns[number // TURN % len(self.turns)]
        body = FORM % number if method == "POST" else b""
        head = (
            f"{method} {self._path(random, service, route, 0)} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}",
            "Content-Type: application/x-www-form-urlencoded", "Connection: close", "", "",
        )  # fmt: skip
        return Case(number, service, f"HTTP {method} {route.path}", "\r\n".join(head).encode() + body)

    def _path(self, random: Random, service: str, route: Route, nerve: float) -> str:
        """An address that an answer or a mail has told, or one with known values; each part junk by the chance `nerve`."""
        told = [urlsplit(url).path for urls in self._pool.paths.values() for url in urls]
        fitting = [path for path in told if route.path_regex.match(path)]
        if fitting and random.random() >= nerve:
            return random.choice(fitting)
        path = route.path
        for before, part in pairwise(path.split("/")):
            if found := PARAMETER.search(part):
                known = self._known(random, service, found[1], before)
                path = path.replace(found[0], self._junk(random) if random.random() < nerve else known)
        return path

    def _known(self, random: Random, service: str, name: str, before: str) -> str:
        if name == "region":
            return random.choice(REGIONS)
        if name == "year":
            return str(self._services[service].running.service.store.clock.now().year + random.choice((-1, 0, 0, 1)))
        # An id is of what the part before it names: /announcements/{id}.
        return (self._pool.id_for(random, before) if name == "id" else "") or SECRET

    def _junk(self, random: Random) -> str:
        if random.random() < 0.2:
            return random.choice(
                (
                    "%00",
                    "%ff%fe",
                    "%",
                    "%zz",
                    "..%2f..",
                    "\xff",
                    "a b",
                    "\x7f",
                    "%ED%A0%80",
                    "%2e%2e",
                    ";a=b",
                    "x" * 9_000,
                )
            )
        return quote(random.choice(HOSTILE_TEXTS), safe=random.choice(("", "/?#[]")))

    def _query(self, random: Random) -> str:
        if random.random() < 0.4:
            return ""
        pairs = [f"{random.choice(QUERIES)}={self._value(random)}" for _ in range(random.choice((1, 1, 2, 3)))]
        return "?" + "&".join(pairs) * random.choice((1, 1, 1, 300))

    def _value(self, random: Random) -> str:
        if random.random() < 0.4:
            return random.choice((*REGIONS, "de", "festival", "jugend", self._pool.id_for(random, "next_page_token")))
        return random.choice(
            ("%00", "%ff", "%ED%A0%80", "+", "%", quote(random.choice(HOSTILE_TEXTS)), "W1tbW1tb" * 200)
        )

    def _body(self, random: Random, method: str) -> tuple[bytes, list[str], bool]:
        """A body, the headers that describe it, and whether it is all there."""
        if method not in {"POST", "PUT", "PATCH"}:
            return b"", [], True
        body = "&".join(
            f"{random.choice(FIELDS)}={self._field(random)}" for _ in range(random.choice((0, 1, 4, 4, 600)))
        ).encode("latin-1")
        if random.random() < 0.1:
            body = random.choice((b"\xff\xfe", b"&" * 5_000, b"=" * 9, random.randbytes(300), b"a" * 300_000))
        kind = ["Content-Type: application/x-www-form-urlencoded"] if random.random() < 0.8 else []
        roll = random.random()
        if roll < 0.75:
            return body, [*kind, f"Content-Length: {len(body)}"], True
        if roll < 0.85:
            return body, [*kind, f"Content-Length: {max(0, len(body) + random.choice((-3, 7, 10_000)))}"], False
        return _chunked(random, body), [*kind, "Transfer-Encoding: chunked"], False

    def _field(self, random: Random) -> str:
        if random.random() < 0.5:
            return quote(random.choice((*REGIONS, "kim@example.org", "de", "events", "rounds", "announcements")))
        return random.choice(("%00", "%ff", "%ED%A0%80", quote(random.choice(HOSTILE_TEXTS)), "\xfc", "x" * 5_000))

    async def send(self, case: Case) -> Answer:
        """Write the bytes, close the writing half, read the status line and the rest."""
        started = time.monotonic()
        port = self._services[case.service].running.http_port
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = body = b""
        try:
            async with asyncio.timeout(case.seconds):
                writer.write(case.data)
                head = await reader.readline()
                while part := await reader.read(65_536):
                    body = (body + part)[:2_000]
        except TimeoutError:
            return Answer("0", "", "no answer in time", time.monotonic() - started)
        except ConnectionError:
            pass
        finally:
            writer.transport.abort()
        words = head.split(b" ")
        code = words[1].decode("latin-1") if len(words) > 1 else "closed"
        return Answer(code, "", body.decode("latin-1")[:300], time.monotonic() - started)


def _kind(service: str, method: str, path: str) -> str:
    return f"{service} HTTP {method} {path}"


def page_complaint(case: Case, answer: Answer) -> str:
    """A page answers below 500; a connection may be closed only on what is no HTTP."""
    if answer.code == "0":
        return "" if case.waits else "it hangs"
    return "" if answer.code == "closed" or answer.code < "500" else f"{answer.code} is no answer"


def _chunked(random: Random, body: bytes) -> bytes:
    good = f"{len(body):x}".encode() + b"\r\n" + body + b"\r\n0\r\n\r\n"
    junk = (
        b"zz\r\n",
        b"-1\r\n\r\n",
        b"ffffffffffffffff\r\nabc",
        b"5;" + b"e" * 9_000 + b"\r\nabcde\r\n0\r\n\r\n",
        b"5\r\nabc\r\n0\r\n\r\n",
        good[:-4],
    )
    return good if random.random() < 0.4 else random.choice(junk)
