"""E-mail: what it says (wording) and how it leaves (sending)."""
