"""Pictures, sound and word times become a video; knows no database and no request."""
