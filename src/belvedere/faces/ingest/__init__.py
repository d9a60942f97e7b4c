"""Messages from devices, as they come from the bus."""
