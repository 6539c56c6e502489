"""What drives notify: calls, messages, pages, timers, and the sender."""
