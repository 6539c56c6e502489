"""What drives funds: calls, messages, the clock."""
