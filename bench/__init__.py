"""The speed figures the project keeps, each in a table with what it was aimed at."""
