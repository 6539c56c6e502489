"""The rpcs of RelationService."""

from chassis.rpc import Api, command, query
from services.actors.usecases import UseCases
from services.actors.usecases.relation import EndRelation, ListRelations, ListResponsible, StartRelation


async def both_ends(command: StartRelation) -> tuple[str, ...]:
    return tuple(filter(None, (command.from_actor_id, command.to_actor_id)))


def relation_api(do: UseCases) -> Api:
    return Api(
        "kiezwerk.actors.v1.RelationService",
        command("StartRelation", StartRelation, do.relations.start_relation, "relation", locks=both_ends),
        command("EndRelation", EndRelation, do.relations.end_relation, "relation"),
        query("ListRelations", ListRelations, do.relations.list_relations, "relations"),
        query("ListResponsible", ListResponsible, do.relations.list_responsible, "responsible"),
    )
