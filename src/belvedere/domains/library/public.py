"""THE DOOR of the library: published measures and what they really cost, for other territories."""

__all__: list[str] = []
