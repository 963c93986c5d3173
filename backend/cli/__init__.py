"""The `storyflow` command: parse, call the same services as the web, print."""
