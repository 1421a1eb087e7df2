"""Ways out of the hub. Each hands over what is owed and says what became of it; none decides who is told."""
