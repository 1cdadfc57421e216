"""The life of a report, in the order in which it happens.

A resident stands in front of something broken. Read the files in this order and you have followed
the report to its end:

1.  `intake.submit_report()` takes what the phone sent (`submissions`): the whole story on one
    screen. `questions` are a category's own; `submission_rows` is the one statement that stores.
2.  `photos` stores each picture; `darkroom` sniffs, bounds, turns and re-encodes it, in a child
    process, so that no metadata survives.
3.  `places` says which area the pin lies in, near what, and in which cell of the heatmap.
4.  `routing.choose_office()` chooses who must answer, and says why in words.
5.  `deadlines` says by when, in the city's working time; urgent ones run by the clock.
6.  `workflow.move()` takes the report through its steps and is the only writer of its status.
    `statuses` holds the machine as a table, `permissions` who may do what, `guards` what a
    report's history forbids, `effects` what each step changes besides, `clocks` its deadlines,
    `timetable` and `clockwork` what happens by itself when time has passed.
7.  `announcements` decides what is told to which of the `audiences`; `notifications` delivers.
8.  `voices`: what others add, such as support, comments, ratings.

Around them: `models` (the tables), `city` (areas, offices, categories and rules as data),
`identity` (who the reporter is: the only door to it), `masking` and `codes` (what may be shown and
read aloud), `vocabulary` and `spoken` (how it is said), `queries` (the reads), `figures` (the
heatmap), `api` (HTTP), `tasks` (jobs).
"""
