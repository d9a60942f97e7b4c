"""THE DOOR of plans: plans, measures, sites, money."""

__all__: list[str] = []
