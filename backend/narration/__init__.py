"""Text becomes sound with the time of every word, offline; knows no database and no request."""
