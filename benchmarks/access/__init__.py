"""What it costs that the database itself decides who sees a row."""
