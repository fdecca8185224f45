"""Ways out of the house: one file a vendor, both directions (send, find, verify, parse).

An adapter translates its vendor's words into `outreach.domain.sending` by tables; no other part of the system
knows a vendor's words. `registry.PROVIDERS` names them all; docs/adding-a-provider.md says how to add one.
"""
