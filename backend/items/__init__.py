"""The items API: a catalogue of things with one picture each; every response has the envelope of its own contract."""
