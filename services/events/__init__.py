"""events, the calendar.

Owns calendar events, registrations and the persons who registered. Hears actors (names of who invites) and funds (rounds,
whose deadlines, and jury sessions, which stand in the calendar by themselves). Says what happens when and where, and, to
the other services alone, who has a seat.
"""
