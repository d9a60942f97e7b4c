"""Standards the world agreed on, as values and functions: no framework, no database."""
