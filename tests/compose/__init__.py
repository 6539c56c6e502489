"""What needs containers: `make compose-test`."""
