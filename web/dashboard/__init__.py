"""The leaders' page: the map, the figures beside it, and what has changed. Its data are those of
`reports.figures`, by the same functions as the API's; no figure is worked out here.
"""
