"""Templates of pages and dossiers, and their words."""
