"""Signing in: the second factor, sessions that end, tries that are slowed, and what is told about it by e-mail."""
