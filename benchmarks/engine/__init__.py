"""What the engine costs: one home after an event, and many homes day by day."""
