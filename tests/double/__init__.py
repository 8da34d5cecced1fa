"""A Bot API server for tests: it keeps Telegram's promises, checks every request, and fails on demand."""
