"""The speech engines, one module for each."""
