"""Where notify keeps its records."""
