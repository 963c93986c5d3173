"""Is a setting in effect in its own scope only?"""
