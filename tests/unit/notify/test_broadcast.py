"""A broadcast goes through all keys, page by page."""

from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.broadcast import Broadcast
from services.notify.domain.subscription import NewsKind
from tests.support.notify import NOW, a_piece_of_news


def test_the_same_news_is_the_same_broadcast() -> None:
    news = a_piece_of_news()
    one, two = (Broadcast.start(NewsKind.ROUNDS, ("114009",), news, NOW) for _ in range(2))
    assert one.id == two.id
    assert one.id != Broadcast.start(NewsKind.ROUNDS, ("114009",), a_piece_of_news(), NOW).id


@given(st.lists(st.lists(st.integers(0, 200), min_size=1, max_size=4), min_size=4, max_size=4))
def test_every_page_of_every_key_is_gone_through_once(pages_of_keys: list[list[int]]) -> None:
    broadcast = Broadcast.start(NewsKind.ROUNDS, ("1140",), a_piece_of_news(), NOW)
    pages = dict(zip(broadcast.keys, pages_of_keys, strict=False))
    seen: list[tuple[str, str]] = []
    while not broadcast.is_done:
        key, page = broadcast.keys[0], int(broadcast.after or "0")
        seen.append((key, broadcast.after))
        more = str(page + 1) if page + 1 < len(pages[key]) else ""
        broadcast = broadcast.carry_on(more, pages[key][page])
    assert len(seen) == len(set(seen)) == sum(len(p) for p in pages.values())
    assert broadcast.queued == sum(sum(p) for p in pages.values())
