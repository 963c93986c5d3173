"""Benchmarks: StoryFlow beside a plain implementation of the same requirements, measured in one run."""
