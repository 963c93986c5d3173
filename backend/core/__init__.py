"""Code that every package may import: the error tree and two small modules. It imports no framework."""
