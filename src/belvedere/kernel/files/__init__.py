"""Files that people bring: what they really are, and whether they may be kept."""
