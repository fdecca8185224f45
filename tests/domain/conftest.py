"""Hypothesis for the domain: the same examples every time, as many as a fast check affords."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("domain", max_examples=25, derandomize=True, deadline=None)
settings.load_profile("domain")
