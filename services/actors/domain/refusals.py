"""Every way in which a rule of actors says no."""

from collections.abc import Iterable
from datetime import date

from chassis.refusals import Exists, Invalid, NotFound, NotNow


class WrongStatus(NotNow):
    def __init__(self, status: str, verb: str) -> None:
        super().__init__(
            "ACTOR_WRONG_STATUS", f"An actor that is {status} cannot be {verb}.", details={"status": status}
        )


class IdentifierTaken(Exists):
    def __init__(self, scheme: str, actor_id: str) -> None:
        super().__init__(
            "IDENTIFIER_TAKEN",
            f"Another actor has this number of the scheme {scheme}; update that record instead.",
            details={"actor_id": actor_id},
        )


class PossibleDuplicate(NotNow):
    def __init__(self, actor_ids: Iterable[str]) -> None:
        super().__init__(
            "POSSIBLE_DUPLICATE",
            "Actors of a similar name are registered in this region; look at them, or repeat with accept_duplicates.",
            details={"candidate_ids": ",".join(actor_ids)},
        )


class RelationShape(Invalid):
    def __init__(self, responsible: bool) -> None:
        needs = (
            "target_region and rank, and no to_actor_id"
            if responsible
            else "to_actor_id of another actor, and neither target_region nor rank"
        )
        field = "target_region" if responsible else "to_actor_id"
        super().__init__("RELATION_SHAPE", f"A relation of this kind needs {needs}.", fields={field: f"needs {needs}"})


class WrongDays(Invalid):
    def __init__(self, from_day: date) -> None:
        super().__init__(
            "WRONG_DAYS",
            "A relation cannot end before it begins.",
            fields={"until_day": f"must be {from_day} or later"},
        )


class RelationExists(Exists):
    def __init__(self, relation_id: str) -> None:
        super().__init__(
            "RELATION_EXISTS", "This relation is there already on these days.", details={"relation_id": relation_id}
        )


class RelationEnded(NotNow):
    def __init__(self, until_day: date) -> None:
        super().__init__("RELATION_ENDED", f"The relation ends on {until_day} already.")


class NoSuchMailbox(NotFound):
    def __init__(self) -> None:
        super().__init__("NO_SUCH_MAILBOX", "No actor has a contact under this reference.")


class ActorNotShown(NotFound):
    """Told in the same words as an id that does not exist, so that nobody learns of a record by asking."""

    def __init__(self, actor_id: str) -> None:
        super().__init__("ACTOR_NOT_FOUND", f"There is no actor {actor_id}.")
