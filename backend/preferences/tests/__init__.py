"""Does a choice hold where it was made, and nowhere else?"""
