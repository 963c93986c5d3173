"""The project: settings, URLs, the request gate, start-up checks, and the only reader of the environment."""
