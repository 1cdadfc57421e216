"""Does the house speak Open311 as its contract has it, and as the clients in the field do?

`make conformance`. A city is served on a port of its own and asked over real HTTP: by these tests,
line by line of the contract's checklist, and by other people's clients (`clients/`), which nobody
here has written.
"""
