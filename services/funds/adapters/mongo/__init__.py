"""The repositories of funds in MongoDB, one noun a file."""
