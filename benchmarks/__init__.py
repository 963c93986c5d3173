"""How fast StoryFlow is, side by side with a plain reading of the same requirements, in one run."""
