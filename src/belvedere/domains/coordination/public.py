"""THE DOOR of coordination: works that meet in space and time, and what was agreed about them."""

__all__: list[str] = []
