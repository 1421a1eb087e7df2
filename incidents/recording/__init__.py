"""The pages on which staff and agencies record: the same way through every stream's questions."""
