"""All that the services say, as their `messages/published` declare it."""

import importlib
import inspect
import pkgutil
from dataclasses import dataclass
from typing import Any

from chassis.envelope import Catalogue, Published
from tools.catalogue.schemas import schema_of


@dataclass(frozen=True, slots=True)
class Message:
    """One published message of one service, with its open JSON Schema."""

    service: str
    model: type[Published]
    type: str
    schema: dict[str, Any]

    @property
    def fact(self) -> str:
        return self.model.fact()

    @property
    def audiences(self) -> tuple[str, ...]:
        """One, or both where the record decides (`audience_now`): "pub" for a public record, else "int"."""
        decides = self.model.audience_now is not Published.audience_now
        return (self.model.audience, "int") if decides and self.model.audience == "pub" else (self.model.audience,)

    @property
    def says(self) -> str:
        return inspect.cleandoc(self.model.__doc__ or "")

    @property
    def subject(self) -> str:
        """Where it is said; the audience is the first one."""
        return f"kiez.{self.audiences[0]}.{self.service}.v1.{self.fact}"


def services() -> tuple[str, ...]:
    """The names of the services in the tree."""
    package = importlib.import_module("services")
    return tuple(sorted(found.name for found in pkgutil.iter_modules(package.__path__) if found.ispkg))


def said_by(service: str) -> tuple[Message, ...]:
    """The published messages of one service, in the order in which it lists them."""
    published = importlib.import_module(f"services.{service}.messages.published").PUBLISHED
    catalogue = Catalogue(service, "", published)
    return tuple(
        Message(service, model, type, schema_of(model, f"urn:kiezwerk:{service}:v1:{model.fact()}"))
        for model in published
        if (type := catalogue.type_of(model))
    )


def all_said() -> tuple[Message, ...]:
    return tuple(message for service in services() for message in said_by(service))
