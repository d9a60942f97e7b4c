"""Mathematics on values and arrays; knows no table and no page."""
