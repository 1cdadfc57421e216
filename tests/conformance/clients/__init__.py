"""Other people's clients of Open311, each installed in a place of its own under var/clients, and
the few lines that drive it: `three_client.py`, `georeport_client.py`, `node/client.js`.

A driver reads whom to ask and which of the client's own calls to make, and writes what each of them
gave back. It reads no answer itself: that is what the client is there for.
"""
