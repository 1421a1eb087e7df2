"""The assembly: settings, addresses, and the wiring of events to their handlers."""
