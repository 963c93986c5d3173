"""The services of the story API: plain functions that the views and the command line call."""
