"""Announcements: to the right people, checked by two, sent once, and all of it accounted for."""
