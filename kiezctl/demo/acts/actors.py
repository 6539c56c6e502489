"""Act 1: who is active in Neu-Lichtenberg, and who is responsible for it."""

from dataclasses import dataclass

from kiezctl.demo.figures import DISTRICT, PLACE, REGION
from kiezctl.demo.people import COORDINATOR, PUBLIC
from kiezctl.demo.stage import Stage
from kiezctl.demo.story import Story
from kiezwerk.actors.v1 import actor_pb2, relation_pb2


@dataclass(frozen=True)
class Organisation:
    """An organisation that exists, with what is publicly known of it."""

    short: str
    name: str
    kind: "actor_pb2.ActorKind.ValueType"
    legal_form: str


CARRIER = "Kiezspinne"
OFFICE = "Bezirksamt"
ORGANISATIONS = (
    Organisation(OFFICE, "Bezirksamt Lichtenberg von Berlin", actor_pb2.ACTOR_KIND_PUBLIC_AUTHORITY, "Behörde"),
    Organisation(CARRIER, "Kiezspinne FAS e. V.", actor_pb2.ACTOR_KIND_ASSOCIATION, "e. V."),
    Organisation("SODI", "Solidaritätsdienst International e. V.", actor_pb2.ACTOR_KIND_ASSOCIATION, "e. V."),
    Organisation("Kulturring", "Kulturring in Berlin e. V.", actor_pb2.ACTOR_KIND_ASSOCIATION, "e. V."),
    Organisation(
        "Volkssolidarität", "Volkssolidarität Berlin e. V.", actor_pb2.ACTOR_KIND_WELFARE_ASSOCIATION, "e. V."
    ),
    Organisation("SozDia", "SozDia Stiftung Berlin", actor_pb2.ACTOR_KIND_ASSOCIATION, "Stiftung"),
)


async def play(stage: Stage, story: Story) -> None:
    known = await _known(stage)
    new = [one for one in ORGANISATIONS if one.name not in known]
    if new:
        sentence = f"{len(new)} organisations of Lichtenberg are entered in the directory, with {CARRIER} among them."
        async with stage.step(sentence, ["actor_registered"] * len(new)):
            for one in new:
                known[one.name] = await _register(stage, one)
    else:
        sentence = (
            f"The directory knows the {len(ORGANISATIONS)} organisations from earlier; the coordination confirms them."
        )
        async with stage.step(sentence, ["actor_verified"] * len(ORGANISATIONS)):
            for one in ORGANISATIONS:
                await stage.ask(COORDINATOR, actor_pb2.VerifyActorRequest(actor_id=known[one.name]))
    story.actors = {one.short: known[one.name] for one in ORGANISATIONS}
    await _responsible(stage, story)


async def _known(stage: Stage) -> dict[str, str]:
    request = actor_pb2.ListActorsRequest(region=DISTRICT, page_size=500)
    listed = await stage.ask(PUBLIC, request)
    names = {one.name for one in ORGANISATIONS}
    return {actor.name: actor.id for actor in listed.actors if actor.name in names}


async def _register(stage: Stage, one: Organisation) -> str:
    profile = actor_pb2.Profile(
        region=DISTRICT,
        kind=one.kind,
        name=one.name,
        short_name=one.short,
        legal_form=one.legal_form,
        topics=["neighbourhood"],
        service_regions=[REGION],
        source="public web pages",
        is_public=True,
    )
    request = actor_pb2.RegisterActorRequest(profile=profile, activate=True, accept_duplicates=True)
    return str((await stage.ask(COORDINATOR, request)).actor.id)


async def _responsible(stage: Stage, story: Story) -> None:
    carrier = story.actors[CARRIER]
    asked = relation_pb2.ListResponsibleRequest(region=REGION)
    responsible = (await stage.ask(PUBLIC, asked)).responsible
    if carrier not in [one.actor.id for one in responsible]:
        async with stage.step(
            f"{CARRIER} becomes responsible for {PLACE}: the neighbourhood's coordination.", ["relation_started"]
        ):
            await _start(stage, carrier, story)
    responsible = (await stage.ask(PUBLIC, asked)).responsible
    stage.expect(f"responsible for {PLACE}:", [carrier], [one.actor.id for one in responsible])


async def _start(stage: Stage, carrier: str, story: Story) -> None:
    request = relation_pb2.StartRelationRequest(
        from_actor_id=carrier,
        kind=relation_pb2.RELATION_KIND_RESPONSIBLE_FOR,
        target_region=REGION,
        rank=relation_pb2.RANK_MAIN,
        from_day=f"{story.calendar.year}-01-01",
    )
    await stage.ask(COORDINATOR, request)
