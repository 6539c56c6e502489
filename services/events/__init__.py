"""events, the calendar. Owns calendar events and registrations; hears actors and funds; says what happens when and where."""
