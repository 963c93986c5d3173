"""What every room may lean on and nothing framework-like: the error tree."""
