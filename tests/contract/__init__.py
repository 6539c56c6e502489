"""What was promised to others: messages, schemas, the gRPC contract."""
