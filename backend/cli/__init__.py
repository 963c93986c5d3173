"""The `storyflow` command. It parses arguments, calls the same services as the web API, and prints."""
