"""THE DOOR of webhooks: outside systems that are told of changes, and every delivery to them."""

__all__: list[str] = []
