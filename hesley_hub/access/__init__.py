"""The rules of who may see what, as one table."""
