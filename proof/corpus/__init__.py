"""Hostile and odd pictures, built in code from a seed: no binary fixtures."""
