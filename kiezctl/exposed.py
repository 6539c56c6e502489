"""What a service shows over HTTP to those who look after it: its metrics, and what /readyz says."""

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
