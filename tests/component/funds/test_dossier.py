"""The dossier of a session: all that the jury must read, for nobody else, and never larger than a client takes."""

from typing import Any

from chassis.ports import Role
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import OFFICE
from tests.support.funds_round import JURY, Round, a_call, a_known_actor

HOSTILE = "<script>alert(1)</script>&'\""


async def dossier(funds: Started, call: Round, *roles: Role, language: str = "") -> Any:
    request = {"session_id": call.session_id, "language": language}
    return await funds.call("DossierService/GetDossier", request, *(roles or (OFFICE,)))


async def planned(funds: Started, *applications: Any, call: Round) -> None:
    await call.end()
    for application in applications:
        await call.check("AdmitApplication", application)
    await call.plan()
    await call.act("ScheduleApplications", application_ids=[application.id for application in applications])


async def test_it_has_the_agenda_the_applications_and_the_balance(funds: Started) -> None:
    call = await a_call(funds)
    actor = await a_known_actor(funds, name="Kiezspinne FAS e. V.")
    garden = await call.apply(80_000, actor, title="Hochbeete", description="Zehn Beete.\nEin Fest.")
    private = await call.apply(60_000, title=f"Fest {HOSTILE}")
    await planned(funds, garden, private, call=call)
    found = await dossier(funds, call, language="en")
    page = found.content.decode()
    assert (found.media_type, found.file_name[-5:]) == ("text/html; charset=utf-8", ".html")
    for told in ("Hochbeete", "Zehn Beete.", "Kiezspinne FAS e. V.", "Privatperson", "€13,000", "€1,400"):
        assert told in page, told
    assert "€11,600" in page, "what would be left"
    assert "<script" not in page
    assert "Anna Beispiel" not in page


async def test_it_tells_how_many_are_known_to_be_recused(funds: Started) -> None:
    call = await a_call(funds, seats=0)
    actor = await a_known_actor(funds)
    await call.seat(5, affiliations=[actor])
    garden = await call.apply(80_000, actor)
    await call.begin(garden)
    assert "1 bekannt" in (await dossier(funds, call)).content.decode()


async def test_it_is_for_office_jury_and_auditor_of_the_region(funds: Started) -> None:
    call = await a_call(funds)
    await planned(funds, await call.apply(), call=call)
    for role in (OFFICE, JURY, Role("auditor")):
        assert (await dossier(funds, call, role)).content
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await dossier(funds, call, Role("jury", regions=("12",)))
    with refused("ROLE_MISSING", "PERMISSION_DENIED"):
        await dossier(funds, call, Role("applicant"))
    with refused("INVALID_FIELDS", field="language"):
        await dossier(funds, call, language="xx")
