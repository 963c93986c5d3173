"""The story API: projects, segments and pictures over HTTP, and the services that the command line also uses."""
