"""Who may use what when accounts are on: people, tokens, sessions, what is whose, how often one may ask."""
