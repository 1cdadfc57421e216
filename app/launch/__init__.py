"""How the house is started and kept running, told in the order in which it happens.

    environment.py   a virtual environment with exactly the packages of the lock
    folder.py        var/: who may run here, the secrets, the demo's sign-ins
    listening.py     the web's address, claimed before anything is started on it
    database.py      a PostgreSQL: the one of DATABASE_URL, or our own (app/embedded)
    settings.py      the environment in which all of it runs
    children.py      processes that are started again when they die, and stopped in order
    commands.py      the `flask` commands that prepare the database, in one process
    story.py         `make run` itself, from the first line printed to the last
    talk.py          sentences, and progress on what takes longer than two seconds

`database` and `commands` need what is installed; the others run before that, on the standard
library alone.
"""
