"""The wire messages of actors: it says many and hears none."""
