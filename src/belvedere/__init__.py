"""Belvédère: the platform of a smart territory."""

__version__ = "0.1.0"
