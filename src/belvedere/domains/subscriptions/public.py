"""THE DOOR of subscriptions: residents who ask to be told about the works of their street."""

__all__: list[str] = []
