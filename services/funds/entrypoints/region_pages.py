"""Pages for residents: what became of the money of their region in a year."""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import lor
from chassis import codec
from chassis.http import status_of
from chassis.pages import Pages, districts, language_of, words
from chassis.ports import Caller, Clock, berlin_day
from chassis.refusals import Invalid, NotFound, Refusal
from services.funds.domain.transparency import Figures, RegionYear
from services.funds.usecases.transparency import GetRegionYear, ListAwards, TransparencyUseCases

PACKAGE = "services.funds"
KEPT_SECONDS = 60
YEARS_BACK = 4
_PUBLIC = Caller()


class RegionPages:
    def __init__(self, use: TransparencyUseCases, pages: Pages, clock: Clock) -> None:
        self._use, self._pages, self._clock = use, pages, clock

    async def home(self, request: Request) -> Response:
        return RedirectResponse(f"{self._pages.base}/regions", 307)

    async def choose(self, request: Request) -> Response:
        """The list of regions; `?region=` and `?year=` of its form lead to the page of one."""
        language, years = language_of(request), self._years()
        if region := request.query_params.get("region", ""):
            year = request.query_params.get("year", str(years[1]))
            try:
                query = _query(region, year)
            except Refusal as refusal:
                return self._refused(request, refusal)
            return RedirectResponse(f"{self._pages.base}/regions/{query.region}/{query.year}?lang={language}", 303)
        return self._pages.publish(
            request, "regions", language, seconds=KEPT_SECONDS, districts=districts(), years=years, this_year=years[1]
        )

    async def show(self, request: Request) -> Response:
        language = language_of(request)
        token = request.query_params.get("page_token", "")
        try:
            query = _query(request.path_params["region"], request.path_params["year"])
            awards = await self._use.list_awards(
                codec.check(ListAwards, {"region": query.region, "year": query.year, "page_token": token})
            )
            found = await self._use.get_region_year(query, _PUBLIC)
            refusals = () if token else await self._use.list_refusals(query)
        except Refusal as refusal:
            return self._refused(request, refusal)
        return self._pages.publish(
            request,
            "region",
            language,
            seconds=KEPT_SECONDS,
            found=found,
            **_chart(found.total),
            awards=awards.items,
            next_page_token=awards.next_page_token,
            is_first=not token,
            refusals=refusals,
            above=_above(query.region),
            below=_below(query.region),
            years=self._around(query.year),
            subject=_subject(found),
        )

    def _years(self) -> tuple[int, ...]:
        """Next year, for which money may be planned, this one, and those before, newest first."""
        now = berlin_day(self._clock.now()).year
        return tuple(range(now + 1, now - YEARS_BACK - 1, -1))

    def _around(self, year: int) -> tuple[int, ...]:
        return tuple(one for one in (year - 1, year + 1) if one == year - 1 or one <= self._years()[0])

    def _refused(self, request: Request, refusal: Refusal) -> Response:
        language = language_of(request)
        sentence = refusal.reason if refusal.reason in words(PACKAGE, language) else "refused_else"
        return self._pages.show(request, "refused", language, status_of(refusal), sentence=sentence)


def _query(region: str, year: str) -> GetRegionYear:
    if region == lor.CITY or not lor.is_known(region):
        raise NotFound("REGION_NOT_FOUND", "There is no district and no part of one with this key.")
    # Its length first: int() of thousands of digits raises.
    if not (re.fullmatch("[0-9]{4}", year) and 2000 <= int(year) <= 2200):
        raise Invalid("YEAR_WRONG", "Ask for a year from 2000 to 2200.")
    return GetRegionYear(region, int(year))


def _chart(total: Figures) -> dict[str, Any]:
    """The bars, their widths in percent of a full one: of the pot, or of what was asked for where that is more."""
    hidden = total.asked_is_withheld and not total.applications
    shown: dict[str, int] = {} if hidden else {"asked": total.asked_cents}
    shown |= {"awarded": total.awarded_cents, "paid": total.paid_cents, "left": total.left_cents}
    full = max(1, total.released_cents, *shown.values())
    bars = ({"name": name, "cents": cents, "width": f"{100 * cents / full:.1f}"} for name, cents in shown.items())
    return {"bars": tuple(bars), "full_cents": full}


def _above(region: str) -> tuple[str, ...]:
    """The larger regions around it, largest first, without the city."""
    return lor.ancestors(region)[1:-1]


def _below(region: str) -> tuple[str, ...]:
    """The district regions of a district, or of a part of one."""
    children = lor.children(region)
    if lor.level(region) is lor.Level.DISTRICT:
        return tuple(key for area in children for key in lor.children(area))
    return children


def _subject(found: RegionYear) -> str:
    """What another system listens to, to hear all that is said of the money of this region."""
    keys = [key for key in lor.subject_tokens(found.region) if key != "0"]
    return ".".join(["kiez.pub.funds.v1.*", *keys, *([">"] if len(keys) < 4 else [])])
