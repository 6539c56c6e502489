"""Berlin's region keys."""
