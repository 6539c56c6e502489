"""What notify hears, in its own words: only the fields that it tells people."""
