"""When people of flesh and blood can be reached, and how long each side waits. Pure."""
