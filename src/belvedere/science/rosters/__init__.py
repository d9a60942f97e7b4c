"""Who is on duty when: turns by week or by shift, holidays and stand-ins, on the clock of a place."""
