"""Background jobs that survive a restart: durable rows, leases, monotonic progress, cancellation within a second."""
