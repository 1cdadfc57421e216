"""The kernel: settings, database, jobs, sign-in and errors. It knows no municipal rule.

`factory.create_app` is the one place that knows every part of the house.
"""
