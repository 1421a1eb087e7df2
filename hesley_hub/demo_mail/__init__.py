"""The demonstration's e-mail: a server on this machine that keeps what it is given, and pages that show it as text."""
