"""Disks that are full, read-only or not ours: each tried in a process of its own, through the real doors."""
