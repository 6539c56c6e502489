"""One service in one process: real gRPC, a real broker, a real store."""
