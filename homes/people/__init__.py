"""Joining, moving and leaving: accounts, posts, an organisation's mailboxes, and rights taken in an emergency."""
