"""The mail sink: takes every mail of a copy for trying out, sends none on, and shows them to a person."""
