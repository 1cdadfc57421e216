"""Where the bytes of a photo become two clean JPEGs. No database; only `pool` knows Flask.

In reading order: `headers` (what a file says of itself, and what is refused on that alone),
`decoding` and `webp` (each kind into one small picture, within its bound of memory), `metadata`
(which way up, when, where), `printing` (the two JPEGs and their fingerprints), `child` (the process
in which all this happens), `pool` (the processes, seen from the web).
"""
