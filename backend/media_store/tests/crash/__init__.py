"""Killing a process before each call that changes the disk, then recovering and looking at what is there."""
