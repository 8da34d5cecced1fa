"""From the outbox to a channel: two lanes, strict rate windows, and a fate for every letter."""
