"""Who may call what, and how far each role reaches; the use cases hold the reach."""

from chassis.access import PUBLIC, Access, anywhere, by_region, city_wide

KEEPS = by_region("coordinator")
# Everyone sees what is public; these see all of their regions, partners the contacts that are meant for partners.
SEES_ALL = PUBLIC | by_region("coordinator", "fund_office", "auditor", "operator", "service")
READS = SEES_ALL | anywhere("partner")
REVIEWS = by_region("coordinator", "auditor", "operator")

ACCESS: dict[str, Access] = {
    "ActorService/RegisterActor": KEEPS,
    "ActorService/UpdateActor": KEEPS,
    "ActorService/ActivateActor": KEEPS,
    "ActorService/VerifyActor": KEEPS,
    "ActorService/ArchiveActor": KEEPS,
    "ActorService/RestoreActor": KEEPS,
    "ActorService/GetActor": READS,
    "ActorService/BatchGetActors": READS,
    "ActorService/ListActors": READS,
    "RelationService/StartRelation": KEEPS,
    "RelationService/EndRelation": KEEPS,
    "RelationService/ListRelations": SEES_ALL,
    "RelationService/ListResponsible": READS,
    "RevisionService/ListRevisions": REVIEWS,
    "ContactService/ResolveContact": city_wide("service"),
}
