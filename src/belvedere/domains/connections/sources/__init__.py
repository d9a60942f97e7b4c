"""Sources: addresses that are asked at intervals for a list, a GBFS feed or announcements."""
