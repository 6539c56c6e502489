"""What the repository checks and writes itself with."""
