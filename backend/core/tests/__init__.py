"""Tests of what needs no framework."""
