"""Open data: published months as files, without words, names or anything that tells who reported.

`rows` are the reports that anyone may read, one by one; `groups` are all reports, those that nobody
may read included, as the atoms of `reports.figures.public`: their sums are the page's totals.
"""
