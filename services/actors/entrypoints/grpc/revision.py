"""The rpcs of RevisionService."""

from chassis.rpc import Api, query
from services.actors.usecases import UseCases
from services.actors.usecases.revision import ListRevisions


def revision_api(do: UseCases) -> Api:
    return Api(
        "kiezwerk.actors.v1.RevisionService",
        query("ListRevisions", ListRevisions, do.revisions.list_revisions, "revisions"),
    )
