"""What one run sent, what came back, and what is wrong, as lines to read."""

from collections import Counter
from dataclasses import dataclass, field

WARM_TENTHS = 3


@dataclass(slots=True)
class Report:
    """What was sent, what came back, and what is wrong."""

    calls: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    expected: frozenset[str] = frozenset()
    """All that there is to call."""
    failures: list[str] = field(default_factory=list)
    parked: Counter[str] = field(default_factory=Counter)
    resident: list[int] = field(default_factory=list)
    """Bytes in memory after each tenth of the run."""

    @property
    def grown_bytes(self) -> int:
        """Since the caches were warm."""
        return self.resident[-1] - self.resident[min(WARM_TENTHS, len(self.resident)) - 1] if self.resident else 0

    def note(self, kind: str, code: str, *, is_ok: bool) -> None:
        self.calls[kind] += 1
        self.codes[code] += 1
        self.accepted[kind] += is_ok

    def never_accepted(self) -> list[str]:
        """The rpcs, and the routes with their methods, whose every call was refused, or that were not called."""
        return sorted(kind for kind in self.expected if not self.accepted[kind])

    def table(self) -> str:
        lines = [f"{self.calls[kind]:>8}  {self.accepted[kind]:>8}  {kind}" for kind in sorted(self.calls)]
        codes = ", ".join(f"{code} {count}" for code, count in self.codes.most_common())
        reasons = ", ".join(f"{reason or '-'} {count}" for reason, count in self.reasons.most_common())
        parked = ", ".join(f"{reason} {count}" for reason, count in self.parked.most_common())
        return "\n".join(
            [
                "   calls  accepted",
                *lines,
                f"answers: {codes}",
                f"reasons: {reasons}",
                f"parked: {parked}",
                f"never accepted: {', '.join(self.never_accepted()) or 'none'}",
                f"memory: {' '.join(f'{bytes / 2**20:.0f}' for bytes in self.resident)} MiB after each tenth",
            ]
        )
