"""Pages of duty: rosters, how alarms climb, who was told."""
