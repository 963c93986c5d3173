"""The Django project: settings, URLs, middleware, start-up checks, the server, and the only environment reader."""
