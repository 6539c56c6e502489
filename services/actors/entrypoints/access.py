"""Who may call what; how far a role reaches is for the use case to say."""

from chassis.auth import PUBLIC

KEEPS = ("coordinator",)
REVIEWS = ("coordinator", "auditor", "operator")

ACCESS: dict[str, tuple[str, ...]] = {
    "ActorService/RegisterActor": KEEPS,
    "ActorService/UpdateActor": KEEPS,
    "ActorService/ActivateActor": KEEPS,
    "ActorService/VerifyActor": KEEPS,
    "ActorService/ArchiveActor": KEEPS,
    "ActorService/RestoreActor": KEEPS,
    "ActorService/GetActor": PUBLIC,
    "ActorService/BatchGetActors": PUBLIC,
    "ActorService/ListActors": PUBLIC,
    "RelationService/StartRelation": KEEPS,
    "RelationService/EndRelation": KEEPS,
    "RelationService/ListRelations": PUBLIC,
    "RelationService/ListResponsible": PUBLIC,
    "RevisionService/ListRevisions": REVIEWS,
    "ContactService/ResolveContact": ("service",),
}
