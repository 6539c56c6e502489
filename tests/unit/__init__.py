"""Domain rules, every transition and every guard; nothing runs beside them."""
