"""The demonstration: an invented country of homes and people whose past is simulated and says so."""
