"""A server that is asked for a long time, and by many people at once."""
