"""How others reach actors: gRPC."""
