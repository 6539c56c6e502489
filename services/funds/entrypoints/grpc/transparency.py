"""TransparencyService: the figures of a region and year, for everyone."""

from chassis.rpc import Api, query
from services.funds.usecases import UseCases
from services.funds.usecases.transparency import GetRegionYear


def transparency_api(do: UseCases) -> Api:
    return Api(
        "kiezwerk.funds.v1.TransparencyService",
        query("GetRegionYear", GetRegionYear, do.transparency.get_region_year, "region_year"),
    )
