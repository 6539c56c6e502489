"""What notify drives: its store, the post, the neighbours, the templates."""
