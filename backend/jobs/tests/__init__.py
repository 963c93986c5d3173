"""Is every job done exactly once, even if processes die?"""
