"""JuryService: juries and who sits in them."""

from chassis.rpc import Api, command, query
from services.funds.usecases import UseCases
from services.funds.usecases.jury import (
    CreateJury,
    GetComposition,
    GetJury,
    ListJuries,
    SeatMember,
    SetAffiliations,
    UnseatMember,
)


def jury_api(do: UseCases) -> Api:
    return Api(
        "kiezwerk.funds.v1.JuryService",
        command("CreateJury", CreateJury, do.juries.create_jury, "jury"),
        command("SeatMember", SeatMember, do.juries.seat_member, "jury"),
        command("UnseatMember", UnseatMember, do.juries.unseat_member, "jury"),
        command("SetAffiliations", SetAffiliations, do.juries.set_affiliations, "jury"),
        query("GetJury", GetJury, do.juries.get_jury, "jury"),
        query("GetComposition", GetComposition, do.juries.get_composition, "composition"),
        query("ListJuries", ListJuries, do.juries.list_juries, "juries"),
    )
