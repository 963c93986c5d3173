"""Does a story become the right film, whatever happens during the render?"""
