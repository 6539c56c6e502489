"""Templates of letters and pages, and their words."""
