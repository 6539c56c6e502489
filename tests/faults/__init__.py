"""Faults: the whole system as real processes, hurt in every way, and then counted by somebody who trusts none of it."""
