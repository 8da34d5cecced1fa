"""The channel-neutral conversation: an Event and a State go in, a Turn (Replies, new State, records) comes out."""
