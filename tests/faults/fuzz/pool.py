"""What earlier answers taught the fuzzer: ids by their kind, etags, page tokens, and requests that were accepted."""

import re
from collections import defaultdict, deque
from dataclasses import dataclass, field
from random import Random
from typing import Any

from google.protobuf.message import Message

LINK = re.compile(r"https://kiez\.test/\S+")
KEPT = 60
TOKENS = ("etag", "next_page_token", "person_ref", "contact_ref", "sub", "durable", "number")


def _bounded() -> dict[str, deque[Any]]:
    return defaultdict(lambda: deque(maxlen=KEPT))


@dataclass(slots=True)
class Pool:
    """Bounded, so that a long run does not grow by what it remembers."""

    ids: dict[str, deque[str]] = field(default_factory=_bounded)
    requests: dict[str, deque[bytes]] = field(default_factory=_bounded)
    paths: dict[str, deque[str]] = field(default_factory=_bounded)

    def accepted(self, rpc: str, data: bytes) -> None:
        """Remember a request that was carried out."""
        if len(data) < 20_000:
            self.requests[rpc].append(data)

    def learn(self, message: Message, kind: str = "", depth: int = 0) -> None:
        """Remember every id in an answer under the name that a request would give it."""
        for descriptor, value in message.ListFields():
            values = list(value)[:5] if descriptor.is_repeated else [value]
            if descriptor.message_type is None:
                self._remember(descriptor.name, kind, values)
            elif not descriptor.message_type.GetOptions().map_entry and depth < 4:
                for part in values:
                    self.learn(part, descriptor.name.removesuffix("s"), depth + 1)

    def _remember(self, name: str, kind: str, values: list[Any]) -> None:
        if name == "id" and kind:
            name = f"{kind}_id"
            self._keep(name, values)
        elif name in TOKENS:
            self._keep(name, values)
        elif name.endswith("_url"):
            self.paths[name].extend(map(str, values))

    def read(self, mail: str) -> None:
        """Remember the links of a mail, the secret ones among them."""
        for url in LINK.findall(mail):
            self.paths[url.split("/")[3]].append(url)

    def _keep(self, name: str, values: list[Any]) -> None:
        known = self.ids[name.removesuffix("_id")]
        known.extend(text for text in map(str, values) if len(text) < 300 and text not in known)

    def id_for(self, random: Random, name: str) -> str:
        """An id that fits a request's field, or that of something else now and then; empty while none is known."""
        wanted = name.removesuffix("s").removesuffix("_id")
        kinds = [kind for kind in self.ids if kind == wanted or kind.endswith(wanted) or wanted.endswith(kind)]
        if not kinds or random.random() < 0.05:
            kinds = list(self.ids)
        known = self.ids[random.choice(sorted(kinds))] if kinds else ()
        return random.choice(known) if known else ""
