"""What residents see in a real browser: run by `make browser-test`."""
