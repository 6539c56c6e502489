"""A pot as a person with a pencil would keep it: where each of its cents lies."""

POT = 1_300_000


class Pot:
    """What a person with a pencil would write: where each cent of the pot lies, from nothing but what was done."""

    def __init__(self) -> None:
        self.lies = dict.fromkeys(("available", "committed", "paid", "receivable"), 0) | {"available": POT}

    def move(self, source: str, target: str, cents: int) -> None:
        self.lies[source] -= cents
        self.lies[target] += cents
