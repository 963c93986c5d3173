"""Narration and rendering of projects: the services, jobs and endpoints that make a video of a story."""
