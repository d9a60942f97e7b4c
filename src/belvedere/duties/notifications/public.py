"""THE DOOR of notifications: what people are told, grouped and in their own time; it knows no domain."""

__all__: list[str] = []
