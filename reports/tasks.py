"""Jobs of the reports: the worker imports this, the web process never does."""
