"""Does a story become the film it should, whatever happens meanwhile?"""
