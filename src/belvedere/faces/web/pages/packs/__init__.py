"""Packs in the cockpit: what each would make of the territory, switched on and off, cameras."""
