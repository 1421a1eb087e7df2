"""How the hub looks: form rendering, symbols, and what every page is given."""
