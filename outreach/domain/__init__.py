"""The decisions: pure functions and frozen records. No I/O and no clock; `now` is always an argument."""
