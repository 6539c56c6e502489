"""`make bench`: what the system does, as ratios to raw limits that are measured in the same run."""
