"""What every service needs and no domain word: the chassis (see docs/anatomy.md)."""
