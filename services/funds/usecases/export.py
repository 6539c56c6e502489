"""Grants of a region and year for open data, each proven against the ledger, read one after the other."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

from chassis.fields import Year
from chassis.ports import berlin_day
from chassis.refusals import Stale
from lor import Region
from services.funds.domain import giving360, grants_csv
from services.funds.domain.grant import Grant
from services.funds.domain.reconciliation import ProvenGrant, proven
from services.funds.domain.refusals.export import GrantDiffers
from services.funds.usecases.ports import Applications, Grants, Ledger

ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class ExportGrants:
    region: Region
    year: Year


class ExportUseCases:
    """Everything here is public. Only so many grants as a page of the store holds are in the memory at a time."""

    def __init__(self, grants: Grants, ledger: Ledger, applications: Applications) -> None:
        self._grants, self._ledger, self._applications = grants, ledger, applications

    async def for_open_data(self, query: ExportGrants) -> AsyncIterator[ProvenGrant]:
        """What a 360Giving package tells; a private person's grant is in it, anonymous, without the day of the application."""
        async for found in self._proven(query, giving360.is_exported):
            yield found if found.grant.is_private_person else await self._applied(found)

    def to_legal_persons(self, query: ExportGrants) -> AsyncIterator[ProvenGrant]:
        return self._proven(query, grants_csv.is_listed)

    async def _proven(self, query: ExportGrants, wanted: Callable[[Grant], bool]) -> AsyncIterator[ProvenGrant]:
        async for grant in self._grants.of_year(query.region, query.year):
            if wanted(grant):
                found = await self._prove(grant)
                # It may have been cancelled meanwhile.
                if wanted(found.grant):
                    yield found

    async def _applied(self, found: ProvenGrant) -> ProvenGrant:
        application = await self._applications.find(found.grant.application_id)
        received = application.submitted_at if application else None
        return replace(found, applied_on=berlin_day(received)) if received else found

    async def _prove(self, grant: Grant) -> ProvenGrant:
        """Read without a lock: money that moves between two reads is no difference, so that both are read anew."""
        for _ in range(ATTEMPTS):
            try:
                return proven(grant, await self._ledger.of_grant(grant.id))
            except GrantDiffers:
                now = await self._grants.get(grant.id)
                if now.version == grant.version:
                    raise
                grant = now
        raise Stale("BUSY", "The money of a grant moves too fast to be exported now; ask again.")
