"""The collections of the events store."""
