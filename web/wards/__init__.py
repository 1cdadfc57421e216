"""The residents' page of figures: how the city and each ward did, month by month, in plain words.

It shows what was published for everybody (`reports.figures.public`) and knows nobody, so an answer
is the same for all who ask in a language. Drawn by the server, maps included; the script only helps
to find one's ward.
"""
