"""The statement on accessibility (Erklärung zur Barrierefreiheit, BIKTG Bln § 5) of the pages for residents."""

from starlette.requests import Request
from starlette.responses import Response

from chassis.pages import Pages, language_of

KEPT_SECONDS = 3600
# Who helps when the office does not answer, or not enough.
COMMISSIONER = "https://www.berlin.de/lb/digitale-barrierefreiheit/"


class AccessibilityPage:
    """What it says of tests is what `tests/browser` does: whoever changes the one changes the other."""

    def __init__(self, pages: Pages, responsible: str, contact: str) -> None:
        self._pages, self._responsible, self._contact = pages, responsible, contact

    async def show(self, request: Request) -> Response:
        return self._pages.publish(
            request,
            "accessibility",
            language_of(request),
            seconds=KEPT_SECONDS,
            responsible=self._responsible,
            contact=self._contact,
            commissioner=COMMISSIONER,
        )
