"""What changed in which row, when and by whom: kept by the database itself, whatever path wrote it."""
