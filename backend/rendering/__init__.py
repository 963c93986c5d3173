"""The renderer: makes a video of pictures, sounds and word times; uses no framework, no database and no request."""
