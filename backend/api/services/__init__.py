"""The story door's verbs: plain functions that the views and the command line share."""
