"""The catalogue of messages, generated from what each service declares: docs/messages/ with JSON Schemas and AsyncAPI."""
