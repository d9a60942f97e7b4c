"""When a signal is raised and when it is over, told from readings; how well rules do it."""
