"""The rpcs of RelationService."""

from chassis.rpc import Api, command, query
from services.actors.usecases import UseCases
from services.actors.usecases.relation import EndRelation, ListRelations, ListResponsible, StartRelation


def relation_api(do: UseCases) -> Api:
    return Api(
        "kiezwerk.actors.v1.RelationService",
        command("StartRelation", StartRelation, do.relations.start_relation, "relation"),
        command("EndRelation", EndRelation, do.relations.end_relation, "relation"),
        query("ListRelations", ListRelations, do.relations.list_relations, "relations"),
        query("ListResponsible", ListResponsible, do.relations.list_responsible, "responsible"),
    )
