"""Speech synthesis with the time of every word; uses no framework, no database and no request."""
