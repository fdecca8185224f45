"""The database: SQLAlchemy Core tables, and functions that take a connection and move batches of rows."""
