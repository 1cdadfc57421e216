"""A city as data: its areas, offices, categories, routing rules and working calendar.

Nothing in the code knows a particular city: each is a folder of JSON (see `hue/`), imported,
exported and effective-dated the same way. `snapshot.current()` is what the rest of the house
reads: the whole city in memory, rebuilt when its version moves.
"""
