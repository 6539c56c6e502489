"""What events hears of others: its own copies, with only the fields that it uses."""
