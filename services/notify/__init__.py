"""notify owns who is told what: subscribers, announcements, notifications; it hears funds and events, and says announcements."""
