"""The rpcs of ActorService."""

from chassis.rpc import Api, command, query
from services.actors.usecases import UseCases
from services.actors.usecases.actor import ActivateActor, ArchiveActor, RestoreActor, UpdateActor, VerifyActor
from services.actors.usecases.directory import BatchGetActors, GetActor, ListActors
from services.actors.usecases.registration import RegisterActor


def actor_api(do: UseCases) -> Api:
    return Api(
        "kiezwerk.actors.v1.ActorService",
        command("RegisterActor", RegisterActor, do.registration.register_actor, "actor"),
        command("UpdateActor", UpdateActor, do.actors.update_actor, "actor"),
        command("ActivateActor", ActivateActor, do.actors.activate_actor, "actor"),
        command("VerifyActor", VerifyActor, do.actors.verify_actor, "actor"),
        command("ArchiveActor", ArchiveActor, do.actors.archive_actor, "actor"),
        command("RestoreActor", RestoreActor, do.actors.restore_actor, "actor"),
        query("GetActor", GetActor, do.directory.get_actor, "actor"),
        query("BatchGetActors", BatchGetActors, do.directory.batch_get_actors, "actors"),
        query("ListActors", ListActors, do.directory.list_actors, "actors"),
    )
