"""The four services: the same anatomy each, nothing of one another (see docs/anatomy.md)."""
