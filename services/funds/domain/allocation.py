"""Sharing a total over regions by weights, to the last cent."""

from collections.abc import Mapping, Sequence

from lor import within
from services.funds.domain.refusals.budget import MinimumTooHigh, SharesOverlap, WeightsMissing


def allocate(total_cents: int, weights: Mapping[str, int], minimum_cents: int = 0) -> dict[str, int]:
    """Parts in proportion to the weights, none below the minimum, that sum to the total exactly.

    Whoever would get less than the minimum gets it, and the rest is shared among the others; the cents that are left
    by rounding down go to the largest remainders, of equal ones to the lower key.
    """
    if not weights or min(weights.values()) < 0 or not any(weights.values()):
        raise WeightsMissing
    if minimum_cents * len(weights) > total_cents:
        raise MinimumTooHigh(total_cents // len(weights))
    raised: set[str] = set()
    while True:
        rest = total_cents - minimum_cents * len(raised)
        open_weights = {key: weight for key, weight in weights.items() if key not in raised}
        below = _below(rest, open_weights, minimum_cents)
        if not below:
            shared = _largest_remainder(rest, open_weights)
            return {key: minimum_cents if key in raised else shared[key] for key in sorted(weights)}
        raised |= below


def require_apart(regions: Sequence[str]) -> None:
    """No region's share lies within another's."""
    for index, region in enumerate(regions):
        if outer := next((other for other in regions if other != region and within(region, other)), ""):
            raise SharesOverlap(index, region, outer)


def _below(rest: int, weights: Mapping[str, int], minimum_cents: int) -> set[str]:
    total_weight = sum(weights.values())
    return {key for key, weight in weights.items() if rest * weight < minimum_cents * total_weight}


def _largest_remainder(rest: int, weights: Mapping[str, int]) -> dict[str, int]:
    total_weight = sum(weights.values())
    parts = {key: rest * weight // total_weight for key, weight in weights.items()}
    left = rest - sum(parts.values())
    by_remainder = sorted(weights, key=lambda key: (-(rest * weights[key] % total_weight), key))
    for key in by_remainder[:left]:
        parts[key] += 1
    return parts
