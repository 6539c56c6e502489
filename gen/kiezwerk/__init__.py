"""Stubs of the gRPC contract: `make proto` writes all that lies below from proto/."""
