"""The same catalogue for programs: AsyncAPI 3, one channel for each message."""

from typing import Any

from tools.catalogue.said import Message
from tools.catalogue.samples import sample_of

HEADERS: dict[str, Any] = {
    "type": "object",
    "description": "CloudEvents 1.0, binary mode.",
    "required": ["ce-specversion", "ce-id", "ce-source", "ce-type", "ce-subject", "ce-time", "ce-sequence"],
    "properties": {
        "ce-specversion": {"type": "string", "const": "1.0"},
        "ce-id": {"type": "string", "description": "UUIDv7; a repeated message has the same."},
        "ce-source": {"type": "string", "description": "/kiezwerk/<installation>/<service>"},
        "ce-type": {"type": "string"},
        "ce-subject": {"type": "string", "description": "The aggregate's id."},
        "ce-time": {"type": "string", "format": "date-time"},
        "ce-dataschema": {"type": "string", "description": "The $id of the body's schema."},
        "ce-sequence": {
            "type": "string",
            "pattern": "^[0-9]{10}$",
            "description": "Counts the facts of the aggregate.",
        },
        "ce-partitionkey": {"type": "string", "description": "The aggregate's id."},
        "ce-correlationid": {"type": "string", "description": "The same for all that one call or timer brought about."},
        "ce-causationid": {"type": "string", "description": "The ce-id of the message that brought this one about."},
        "traceparent": {"type": "string", "description": "W3C Trace Context."},
    },
}
PLACES = {
    "district": 'LOR key of 2 digits, "00" for the whole city.',
    "forecast_area": 'LOR key of 4 digits, or "0".',
    "district_region": 'LOR key of 6 digits, or "0".',
    "planning_area": 'LOR key of 8 digits, or "0".',
}


def document(messages: tuple[Message, ...], version: str) -> dict[str, Any]:
    """docs/messages/asyncapi.json."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Kiezwerk",
            "version": version,
            "description": "What the services of Kiezwerk say. At least once; drop a ce-sequence not above the last one seen.",
            "license": {"name": "EUPL-1.2"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "local": {"host": "127.0.0.1:4222", "protocol": "nats", "description": "The system that `make up` runs."}
        },
        "channels": {_key(message): _channel(message) for message in messages},
        "operations": {f"say.{_key(message)}": _operation(message) for message in messages},
        "components": {
            "schemas": {"envelope": HEADERS},
            "messages": {_key(message): _message(message) for message in messages},
        },
    }


def _key(message: Message) -> str:
    return f"{message.service}.{message.fact}"


def _channel(message: Message) -> dict[str, Any]:
    places = ".".join(f"{{{name}}}" for name in PLACES)
    audience = {"enum": list(message.audiences), "description": message.model.why or "For the four services only."}
    return {
        "address": f"kiez.{{audience}}.{message.service}.v1.{message.fact}.{places}",
        "description": message.says,
        "messages": {message.fact: {"$ref": f"#/components/messages/{_key(message)}"}},
        "parameters": {"audience": audience, **{name: {"description": says} for name, says in PLACES.items()}},
    }


def _operation(message: Message) -> dict[str, Any]:
    channel = f"#/channels/{_key(message)}"
    return {
        "action": "send",
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{message.fact}"}],
    }


def _message(message: Message) -> dict[str, Any]:
    return {
        "name": message.type,
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/envelope"},
        "payload": {"$ref": f"schemas/{message.type}.json"},
        "examples": [{"payload": sample_of(message.schema)}],
    }
