"""YAML files that people write: read with the line of every value, every mistake explained with its remedy."""
