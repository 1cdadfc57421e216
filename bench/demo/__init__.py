"""`make demo`: the story of a few reports, played on real parts in under a minute.

A throw-away PostgreSQL, the web server and the worker as processes of their own, real wards and
photos where they are at hand, and a loopback FCM that the unmodified firebase-admin sends to. The
script (`story`) says what must happen and who must hear of it; anything else is a failure.
"""
