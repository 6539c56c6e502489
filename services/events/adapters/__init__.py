"""What events drives: its store."""
