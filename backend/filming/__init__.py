"""Segments become narrated and a project becomes a film: the services and endpoints of narration and rendering."""
