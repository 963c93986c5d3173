"""Does the film come out as it was laid out?"""
