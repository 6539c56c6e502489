"""TitleService: budget titles."""

from chassis.rpc import Api, command, query
from services.funds.usecases import UseCases
from services.funds.usecases.title import GetTitle, ListTitles, PlanTitle, ReviseTitle


def title_api(do: UseCases) -> Api:
    return Api(
        "kiezwerk.funds.v1.TitleService",
        command("PlanTitle", PlanTitle, do.titles.plan_title, "title", locks=do.titles.plan_locks),
        command("ReviseTitle", ReviseTitle, do.titles.revise_title, "title", money=True),
        query("GetTitle", GetTitle, do.titles.get_title, "title"),
        query("ListTitles", ListTitles, do.titles.list_titles, "titles"),
    )
