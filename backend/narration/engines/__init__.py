"""One module for each way to speak."""
