"""How we know that it is good: one folder for each ring of docs/quality.md."""
