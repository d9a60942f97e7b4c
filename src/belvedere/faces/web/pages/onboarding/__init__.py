"""Put a device into service: model, identifier, place, name, then its first value arrives. For a phone."""
