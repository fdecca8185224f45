"""Alembic migrations, run by `outreach migrate`."""
