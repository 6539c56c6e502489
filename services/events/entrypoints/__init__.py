"""What drives events: calls, messages, timers, feeds and pages."""
