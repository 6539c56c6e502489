"""The tables of rpcs."""
