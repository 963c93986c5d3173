"""The reference: the requirement's own snippets as an application, which unlinks a file and then saves its row.

It is for comparison only: SQLite with Django's defaults, no trash, no journal.
"""
