"""The rules of the money: pure, one noun a file."""
