"""Three ways to lose an alert that are used in earnest elsewhere, put in place of the hub's own: the checker must find them out."""
