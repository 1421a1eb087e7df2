"""Who consented that a child's case record is read, and which board answers for a child's health."""
