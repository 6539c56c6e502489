"""What a service shows over HTTP to those who look after it: its metrics, and what /readyz says."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
from prometheus_client.parser import text_string_to_metric_families


@dataclass(frozen=True)
class Figures:
    """The values of /metrics by name and labels; empty when there was no answer."""

    values: Mapping[tuple[str, tuple[tuple[str, str], ...]], float] = field(default_factory=dict)

    def value(self, name: str, absent: float = -1) -> float:
        return self.values.get((name, ()), absent)

    def by(self, name: str, label: str) -> dict[str, int]:
        """The values of a metric that has this one label."""
        found = (
            (dict(labels)[label], value) for (shown, labels), value in self.values.items() if shown == name and labels
        )
        return {key: int(value) for key, value in sorted(found)}

    def below(self, name: str, label: str, share: float) -> dict[str, float]:
        """Below what this share of a histogram's values lies, by a label, reckoned as Prometheus does.

        The last bound where it lies beyond that; nothing of what has no value yet.
        """
        buckets: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for (shown, labels), value in self.values.items():
            if shown == f"{name}_bucket":
                told = dict(labels)
                buckets[told[label]].append((float(told["le"]), value))
        found = {key: _below(sorted(counts), share) for key, counts in sorted(buckets.items())}
        return {key: value for key, value in found.items() if value is not None}


def _below(buckets: list[tuple[float, float]], share: float) -> float | None:
    """`buckets` are upper bounds and how many values lie below them, from the lowest to the one without bound."""
    wanted = share * buckets[-1][1]
    lower, before = 0.0, 0.0
    for upper, count in buckets:
        if count >= wanted > before:
            return lower if math.isinf(upper) else lower + (upper - lower) * (wanted - before) / (count - before)
        lower, before = upper, count
    return None


def read(text: str) -> Figures:
    """Prometheus' text format; raises ValueError for anything else."""
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return Figures({(sample.name, tuple(sorted(sample.labels.items()))): sample.value for sample in samples})


async def figures(browser: httpx.AsyncClient, url: str) -> Figures:
    try:
        return read((await browser.get(f"{url}/metrics")).text)
    except (httpx.TransportError, ValueError):
        return Figures()


async def readiness(browser: httpx.AsyncClient, url: str) -> tuple[bool, list[str]]:
    """Whether it is ready, and in sentences what is missing and what is besides not as it should be."""
    try:
        said = (await browser.get(f"{url}/readyz")).json()
        words = [f"{what} {sentence}" for what, sentence in {**said["missing"], **said["besides"]}.items()]
        return bool(said["ready"]), words
    except (httpx.TransportError, ValueError, KeyError, TypeError):
        return False, []
