"""Long work that survives a restart: durable rows, leases, progress that never goes back, cancel within a second."""
