"""Benchmarks: figures to look at, never assertions."""
