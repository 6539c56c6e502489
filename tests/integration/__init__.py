"""The chassis against its servers, and each known hazard of theirs."""
