"""The story of docs/domain.md through the public interfaces alone."""
