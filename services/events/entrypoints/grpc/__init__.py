"""The rpcs of events, one noun a file."""
