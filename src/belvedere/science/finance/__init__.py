"""Money over years: funding rules resolved in order, shares allotted to the cent, each with its trace."""
