"""What funds hears, each in its own words: only the fields that it uses."""
