"""What drives nothing and is driven: the store."""
