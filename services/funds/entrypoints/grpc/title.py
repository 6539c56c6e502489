"""TitleService: budget titles."""

from chassis.rpc import Api, command, query
from services.funds.usecases import UseCases
from services.funds.usecases.title import GetTitle, ListTitles, PlanTitle


def title_api(do: UseCases) -> Api:
    return Api(
        "kiezwerk.funds.v1.TitleService",
        command("PlanTitle", PlanTitle, do.titles.plan_title, "title"),
        query("GetTitle", GetTitle, do.titles.get_title, "title"),
        query("ListTitles", ListTitles, do.titles.list_titles, "titles"),
    )
