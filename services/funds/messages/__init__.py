"""The wire messages of funds: what it says, and what it hears in its own words."""
