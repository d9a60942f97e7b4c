"""What keeps an instance alive: what `up` runs, status, doctor, migrations, backup and restore."""
