"""The item door's verbs: plain functions that views and command line share."""
