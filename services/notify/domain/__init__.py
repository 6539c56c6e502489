"""The rules of telling people: pure, without clock, store or mail."""
