"""Who is biased (befangen): whether a jury member stands too near to an applicant to decide."""

from collections.abc import Iterable, Mapping
from datetime import date

from services.funds.domain.application import Application
from services.funds.domain.jury import JuryMember
from services.funds.domain.known_actor import KnownRelation

OPERATES = "operates"
MEMBER_OF = "member_of"


def near_to(
    applicant_actor_id: str, relations: Iterable[KnownRelation], day: date, merged_into: Mapping[str, str]
) -> frozenset[str]:
    """The applicant, and what it operates, is operated by or belongs to on `day`: one step, after merges."""
    self_id = resolve(applicant_actor_id, merged_into)
    near = {self_id}
    for relation in relations:
        source, target = resolve(relation.from_id, merged_into), resolve(relation.to_id, merged_into)
        if not relation.holds_on(day):
            continue
        if relation.kind in (OPERATES, MEMBER_OF) and source == self_id:
            near.add(target)
        if relation.kind == OPERATES and target == self_id:
            near.add(source)
    return frozenset(near)


def is_biased(
    member: JuryMember, application: Application, near: frozenset[str], merged_into: Mapping[str, str]
) -> bool:
    """`near` is what stands near to the applicant; who is the applicant, or handed it in, is biased in any case."""
    if member.person_ref == application.contact_ref:
        return True
    if member.sub and member.sub == application.applicant_sub:
        return True
    return bool(application.applicant_actor_id) and any(resolve(a, merged_into) in near for a in member.affiliations)


def resolve(actor_id: str, merged_into: Mapping[str, str]) -> str:
    """The record that an actor's id means today: merges are followed to their end, and a circle ends where it began."""
    seen: set[str] = set()
    while merged_into.get(actor_id) and actor_id not in seen:
        seen.add(actor_id)
        actor_id = merged_into[actor_id]
    return actor_id
