"""The calendar itself: pure rules, no clock, no store."""
