"""Which rpc is which use case, one gRPC service a file."""

from chassis.rpc import Api
from services.actors.entrypoints.grpc.actor import actor_api
from services.actors.entrypoints.grpc.contact import contact_api
from services.actors.entrypoints.grpc.relation import relation_api
from services.actors.entrypoints.grpc.revision import revision_api
from services.actors.usecases import UseCases


def apis(do: UseCases) -> tuple[Api, ...]:
    return (actor_api(do), relation_api(do), revision_api(do), contact_api(do))
