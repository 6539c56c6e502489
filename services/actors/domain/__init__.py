"""What an actor is and what may happen to it: pure, no clock, no I/O."""
