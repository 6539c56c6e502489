"""Budget titles in MongoDB."""

from collections.abc import AsyncIterator
from typing import Any

from chassis.ports import Page, PageRequest, Transaction
from chassis.store import Index, Store, StoredAggregates
from lor import ancestors
from services.funds.adapters.mongo.paging import every
from services.funds.domain.title import BudgetTitle


def _derived(title: BudgetTitle) -> dict[str, Any]:
    return {
        "regions": ancestors(title.region),
        "first_year": title.first_year,
        "planned_years": tuple(f"{title.region}/{title.chapter}/{title.number}/{of.year}" for of in title.years),
    }


class MongoTitles(StoredAggregates[BudgetTitle]):
    def __init__(self, store: Store) -> None:
        super().__init__(
            store,
            "titles",
            BudgetTitle,
            noun="title",
            derive=_derived,
            indexes=(
                Index("regions"),
                Index("number", "chapter", "region", "first_year", unique=True, reason="TITLE_EXISTS"),
                # No year of it twice. Titles planned before there was this index are not looked at by it.
                Index(
                    "planned_years",
                    unique=True,
                    reason="TITLE_EXISTS_IN_YEAR",
                    where={"planned_years": {"$exists": True}},
                ),
            ),
        )

    async def listed(self, region: str, year: int, request: PageRequest) -> Page[BudgetTitle]:
        return await self.page({"regions": region, **({"years.year": year} if year else {})}, request)

    def every(self, region: str) -> AsyncIterator[BudgetTitle]:
        return every(lambda request: self.page({"regions": region}, request))

    async def planned(self, tx: Transaction, region: str, chapter: str, number: str, year: int) -> BudgetTitle | None:
        of_plan = {"number": number, "chapter": chapter, "region": region}
        return await self.one(of_plan | {"years.year": year}, tx)
