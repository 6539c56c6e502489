"""Reading a whole list page by page, where all of it is needed and none of it may fill the memory."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from chassis.ports import Page, PageRequest

T = TypeVar("T")


async def every(page: Callable[[PageRequest], Awaitable[Page[T]]]) -> AsyncIterator[T]:
    """All items behind `page`, in its order."""
    token = ""
    while True:
        found = await page(PageRequest(page_size=500, page_token=token))
        for item in found.items:
            yield item
        token = found.next_page_token
        if not token:
            return
