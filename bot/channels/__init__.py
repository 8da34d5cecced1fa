"""The only code that knows a channel's API: updates become Events here, and Replies become calls."""
