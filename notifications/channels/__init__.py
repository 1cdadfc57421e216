"""One provider a file. Each is given a Letter and answers with an Outcome; none raises.

Only the worker imports them: firebase-admin and pywebpush are heavy, and the web sends nothing.
"""
