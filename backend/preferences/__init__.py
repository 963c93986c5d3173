"""What a person chose, for everything and for one project; what may be chosen is told by the rooms that use it."""
