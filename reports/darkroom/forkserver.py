"""What the fork server loads once, so that a new child starts in milliseconds.

Only the fork server imports this. Every child would otherwise import the web's main module again
(for a Flask app: a second, and 60 MB in each), which no child needs.
"""

from multiprocessing import spawn

from reports.darkroom import child

for importer in ("_fixup_main_from_name", "_fixup_main_from_path"):
    setattr(spawn, importer, lambda _: None)

__all__ = ["child"]
