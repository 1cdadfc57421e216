"""Monthly and quarterly reports on the figures: frozen when they are published.

In order: `contents` (what a report holds, plain values from `reports.figures.indicators` alone),
`changes` (what an amendment says against the one before), `paper` with `charts` and `pdf`, `sheets`
with `xlsx` and `csv` (the files), `publishing` (files first, then the row), `sending` (letters to
those who asked for it, `readers`).
"""
