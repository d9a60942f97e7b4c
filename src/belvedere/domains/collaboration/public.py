"""THE DOOR of collaboration: comments, mentions, follows, saved views, suggestions."""

__all__: list[str] = []
