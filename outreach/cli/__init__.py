"""Words in, exit code out."""

from outreach.cli.main import main

__all__ = ["main"]
