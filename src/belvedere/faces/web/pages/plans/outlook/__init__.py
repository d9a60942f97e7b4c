"""The financial cockpit of an owner: what it pays each year, and what if."""
