"""What funds drives: its store."""
