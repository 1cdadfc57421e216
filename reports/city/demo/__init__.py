"""Invented reports for a city that shows itself: some 300, in every state, over the last 60 days.

`script` decides what is reported, when and where; `stage` plays it through the real verbs at the
times it says; `pictures` draws; `loading` puts all of it in, and takes it out again.
"""
