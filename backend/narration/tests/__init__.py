"""Is the text said as written, when it says it is?"""
