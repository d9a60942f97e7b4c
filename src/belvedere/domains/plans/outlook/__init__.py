"""What an owner has to budget: prices, ceilings, scenarios, voted snapshots, and the reads over them."""
