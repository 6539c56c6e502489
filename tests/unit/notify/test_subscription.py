"""Who hears what is said for which region."""

from hypothesis import given
from hypothesis import strategies as st

import lor
from services.notify.domain.subscription import NewsKind, Subscription, hearing_keys

REGIONS = st.sampled_from(
    ["00", "01", "11", "1140", "114009", "11400930", "114010", "1110", "111001", "0110", "011001"]
)


def hears(follows: str, said_for: str) -> bool:
    keys = Subscription((NewsKind.ROUNDS,), (follows,)).found_by()
    return not keys.isdisjoint(hearing_keys(NewsKind.ROUNDS, (said_for,)))


@given(REGIONS, REGIONS)
def test_who_follows_a_region_hears_what_is_said_inside_of_it_and_around_it_and_nothing_else(a: str, b: str) -> None:
    assert hears(a, b) is (lor.within(b, a) or lor.within(a, b))


def test_who_follows_one_kind_of_news_hears_no_other() -> None:
    keys = Subscription((NewsKind.AWARDS,), ("114009",)).found_by()
    assert keys.isdisjoint(hearing_keys(NewsKind.ROUNDS, ("114009",)))
