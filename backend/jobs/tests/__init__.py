"""Is work done once, whatever dies meanwhile?"""
