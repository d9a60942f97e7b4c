"""Reading files of places and writing what they say: boundaries, dated memberships, populations."""
