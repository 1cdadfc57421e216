"""Reports and areas as OGC API – Features Part 1 (OGC 17-069r4: Core, GeoJSON, OpenAPI 3.0), so
that QGIS, GDAL and their like open the city by one address. Public, as the residents' map is.

    asked.py         what an address asks for: box, time, how many
    collections.py   the two collections, and the documents that lead to them
    welcome.py       the landing page for people
    items.py         their features, a page at a time
    description.py   the API described by OpenAPI 3.0, as the standard wants it
"""
