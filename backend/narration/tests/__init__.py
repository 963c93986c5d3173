"""Is the text spoken as written, at the times that are returned?"""
