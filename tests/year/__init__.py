"""A whole year of a district, played through gRPC and recounted from the published messages alone; `make year`."""
