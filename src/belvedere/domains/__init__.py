"""The territory's business. Upper imports lower (plans > access > territory), only through the door."""
