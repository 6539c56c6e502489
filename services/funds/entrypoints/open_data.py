"""Open data over HTTP: grants as a 360Giving package and as CSV, sent while they are read, never held as a whole."""

import csv
import io
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from chassis import codec
from chassis.ports import Clock
from chassis.refusals import Refusal
from lor import CITY
from services.funds.domain.giving360 import Publisher, grant_entry, head
from services.funds.domain.grants_csv import COLUMNS, row
from services.funds.domain.reconciliation import ProvenGrant
from services.funds.domain.refusals.export import NothingToExport
from services.funds.usecases.export import ExportGrants, ExportUseCases

log = structlog.get_logger()

BATCH = 20
# Open data may be read from pages of anybody.
OPEN = {
    "Cache-Control": "public, max-age=300",
    "Access-Control-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff",
}


class OpenData:
    """`public_url` is where everyone reaches what is here."""

    def __init__(self, use: ExportUseCases, publisher: Publisher, public_url: str, clock: Clock) -> None:
        self._use, self._publisher, self._public_url, self._clock = use, publisher, public_url, clock

    async def giving360(self, request: Request) -> Response:
        query = _query(request)
        name = f"360giving-{query.region}-{query.year}.json"
        return await _streamed(self._package(query, request.url.path), "application/json", name)

    async def grants_csv(self, request: Request) -> Response:
        query = _query(request)
        name = f"zuwendungen-{query.region}-{query.year}.csv"
        return await _streamed(self._table(query), "text/csv; charset=utf-8; header=present", name)

    async def _package(self, query: ExportGrants, path: str) -> AsyncIterator[str]:
        url, page = f"{self._public_url}{path}", self._page(query.region, query.year)
        opening = _json(head(self._publisher, query.region, query.year, self._clock.now(), url, page))
        opening = f'{opening.removesuffix("}")},"grants":['
        async for batch in _batches(self._use.for_open_data(query)):
            yield opening + ",\n".join(_json(self._entry(one, query.year, url)) for one in batch)
            opening = ",\n"
        if opening != ",\n":
            raise NothingToExport(query.region, query.year)
        yield "]}\n"

    def _entry(self, one: ProvenGrant, year: int, url: str) -> dict[str, Any]:
        return grant_entry(self._publisher, one, self._page(one.grant.region[:6], year), url)

    def _page(self, region: str, year: int) -> str:
        """Where people read of this region and year; the whole city has a list of its regions instead."""
        return f"{self._public_url}/regions" + ("" if region == CITY else f"/{region}/{year}")

    async def _table(self, query: ExportGrants) -> AsyncIterator[str]:
        # The mark at the beginning tells a spreadsheet that this is UTF-8.
        opening = "\ufeff" + _csv([COLUMNS])
        async for batch in _batches(self._use.to_legal_persons(query)):
            yield opening + _csv(map(row, batch))
            opening = ""
        yield opening


def _query(request: Request) -> ExportGrants:
    return codec.check(ExportGrants, dict(request.path_params))


async def _streamed(parts: AsyncIterator[str], media_type: str, file_name: str) -> Response:
    """What is wrong in the first part is refused in words. What is wrong later breaks the connection off: a document
    that ends too early must not look whole.
    """
    first = await anext(parts)

    async def sent() -> AsyncIterator[str]:
        yield first
        try:
            async for part in parts:
                yield part
        except Refusal as refusal:
            log.error("an export broke off", reason=refusal.reason, **refusal.details)
            raise

    headers = OPEN | {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return StreamingResponse(sent(), media_type=media_type, headers=headers)


async def _batches(grants: AsyncIterator[ProvenGrant]) -> AsyncIterator[list[ProvenGrant]]:
    batch: list[ProvenGrant] = []
    async for grant in grants:
        batch.append(grant)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue()
