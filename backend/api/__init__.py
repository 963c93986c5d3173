"""The story door: projects, segments and their pictures over HTTP, and the services that the command line shares."""
