"""Full and read-only disks and missing permissions: each case in its own process, through the real APIs."""
