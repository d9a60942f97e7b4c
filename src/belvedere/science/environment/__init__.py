"""Figures of water, air, noise and vines, by published formulas, from arrays of values."""
