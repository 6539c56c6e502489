"""Between protos and dataclasses, by field names: a request becomes a checked command, a result becomes a response."""

from chassis.codec.checking import check, invalid_fields
from chassis.codec.reading import read
from chassis.codec.writing import write

__all__ = ["check", "invalid_fields", "read", "write"]
