"""The records of actors in MongoDB, one collection a file."""
