"""How long it takes from a recorded incident to the e-mail that tells of it, on a whole hub as processes."""
