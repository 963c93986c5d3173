"""Fault injection: a process is killed before each call that changes the disk, then recovered and checked."""
