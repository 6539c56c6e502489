"""The rows of the table, each in a file of its own."""
