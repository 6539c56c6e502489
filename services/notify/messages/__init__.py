"""The messages that notify says and hears, as they are on the wire."""
