"""What runs the flows: Dramatiq actors, one queue a channel, and the scheduler's jobs. No decision is made here."""
