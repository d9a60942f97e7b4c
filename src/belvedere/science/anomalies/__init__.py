"""What is odd about series of measurements: pure functions on arrays, no tables, no Django."""
