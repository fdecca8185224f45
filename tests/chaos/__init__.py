"""Chaos: real processes under a seeded plan of faults; the vendor's ledger and the database give the verdict."""
