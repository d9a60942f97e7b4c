"""The live territory in the cockpit: its devices, their messages, its things."""
