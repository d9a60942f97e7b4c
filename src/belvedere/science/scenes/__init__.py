"""What things are told by a calendar, and what that saves."""
