"""The only package that adds, moves or removes people's files: operations, trash, recovery, audit, file responses."""
