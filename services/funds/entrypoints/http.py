"""What everyone reaches without a login: the pages of regions, and open data."""

from starlette.routing import Route

from chassis.pages import Pages, style
from chassis.ports import Clock
from services.funds.domain.giving360 import Publisher
from services.funds.entrypoints.accessibility_page import AccessibilityPage
from services.funds.entrypoints.open_data import OpenData
from services.funds.entrypoints.region_pages import PACKAGE, RegionPages
from services.funds.usecases import UseCases


def routes(do: UseCases, publisher: Publisher, public_url: str, contact: str, clock: Clock) -> list[Route]:
    """`contact` is the mail address to which barriers are reported."""
    shown = Pages(PACKAGE, public_url)
    pages = RegionPages(do.transparency, shown, clock)
    statement = AccessibilityPage(shown, publisher.name, contact)
    data = OpenData(do.exports, publisher, public_url, clock)
    return [
        Route("/", pages.home, methods=["GET"]),
        Route("/regions", pages.choose, methods=["GET"]),
        Route("/regions/{region}/{year}", pages.show, methods=["GET"]),
        Route("/accessibility", statement.show, methods=["GET"]),
        Route("/exports/360giving/{region}/{year}.json", data.giving360, methods=["GET"]),
        Route("/exports/grants/{region}/{year}.csv", data.grants_csv, methods=["GET"]),
        Route("/style.css", style, methods=["GET"]),
    ]
