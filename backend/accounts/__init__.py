"""Authentication, access tokens, object ownership and rate limits."""
