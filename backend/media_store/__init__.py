"""The only room that adds, moves or removes people's files: store, trash, restore, recovery, audit, ranged serving."""
