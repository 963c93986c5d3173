"""Does the rendered film match its timeline?"""
