"""Invented reports for a city that shows itself: some 300 of the last 60 days, in every state, and
some 600 of the year before, for the leaders' lines.

`script` decides what is reported and where, `moments` when; `stage` plays it through the real verbs
at the times it says; `pictures` draws; `loading` puts all of it in, and takes it out again.
"""
