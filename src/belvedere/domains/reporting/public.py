"""THE DOOR of reporting: yearly rounds, what owners confirm, and the tables made of it."""

__all__: list[str] = []
