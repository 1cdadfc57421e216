"""How fast the house is, measured: reports that follow the real ones (`generate`), the operations
of docs/performance.md beside their floors (`measure`), and the story of `make demo`.

`python -m bench --help` tells the options. Nothing here is imported by the house itself.
"""
