"""The item door: a catalogue of things, each with a picture, in the envelope of its own contract."""
