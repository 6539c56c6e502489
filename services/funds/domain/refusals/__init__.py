"""Every way that the money says no, one noun a file."""
