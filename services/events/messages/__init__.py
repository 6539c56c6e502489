"""The wire messages: what events says and what it hears."""
