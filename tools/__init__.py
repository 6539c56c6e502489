"""What the repository needs to check and write itself: stubs, catalogue, names. No image holds it."""
