"""What neighbours read of reports without asking twice: feed readers, calendars, spreadsheets, GIS.

Nothing here decides who may see what: the public's files hold what the public list shows
(`reports.queries`), an official's what their queue shows (`reports.official_queue`). In order:

    addresses.py   where this house is, as others open it
    rows.py        a report as one flat row of plain values: the same in every form
    streams.py     lists of any length, a page at a time
    turns.py       … how many at once, whose, and how slowly they may be fetched
    tables.py      … as CSV, for programs and for people
    exports.py     an official's queue taken along, which is recorded
    features.py    … as GeoJSON
    entries.py     what was published last, and when the public last heard of it
    atom.py        … as an Atom feed with GeoRSS
    models.py, calendar_links.py   an official's secret address of a calendar
    calendar.py    … and an office's deadlines in it, as iCalendar
    ogc/           reports and areas as OGC API – Features, for QGIS and its like
"""
