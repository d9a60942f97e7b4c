"""Pages of commands and of lighting scenes."""
