"""The plain reading: the requirement's own snippets as an application, unlinking a file and then saving its row.

Written to be compared with, not to be used: SQLite as Django sets it up, no trash, no journal.
"""
