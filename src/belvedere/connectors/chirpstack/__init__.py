"""ChirpStack v4: its uplinks, called in by its HTTP integration or heard at its broker."""
