"""What the law and residents are owed; every domain plugs in here, it imports none."""
