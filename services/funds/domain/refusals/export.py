"""How exports, the public figures and the dossier say no."""

from chassis.refusals import Invalid, NotFound, NotNow


class GrantDiffers(NotNow):
    """What is said of a grant is not what its postings give: an export that told it would be wrong."""

    def __init__(self, grant_id: str, what: str, kept_cents: int, booked_cents: int) -> None:
        super().__init__(
            "GRANT_DIFFERS_FROM_LEDGER",
            f"Grant {grant_id} says {kept_cents} cents {what}, its postings {booked_cents}. "
            "Nothing is exported until they agree; let an auditor verify the ledger.",
            details={"grant_id": grant_id, "what": what, "kept": str(kept_cents), "computed": str(booked_cents)},
        )


class NothingToExport(NotFound):
    """A package of no grants is none (the standard asks for one at least)."""

    def __init__(self, region: str, year: int) -> None:
        super().__init__("NOTHING_TO_EXPORT", f"No grant of region {region} in {year} can be told of yet.")


class RegionTooWide(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "REGION_TOO_WIDE",
            "Ask for a district or a part of one; the whole city has too many pots for one answer.",
            fields={"region": "must be a district or lie in one"},
        )
