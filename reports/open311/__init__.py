"""Open311 GeoReport v2 under /open311/v2: what a city's other clients and neighbours speak.

Only a translation: what is a rule elsewhere in `reports` is none here. A category is a service, its
questions are attributes, a report is a request, its code the request's id, its deadline what is
expected. Read the files in this order and you have followed a neighbour through it:

1.  `wiring` puts all into the house, `views` has the addresses. `answering` writes each answer in
    the form that the address ends in (`documents`: one tree, as JSON and as XML) and tells errors
    in the contract's own shape.
2.  `discovery` says where all is and when it last changed; `services` what can be asked for.
3.  `asked` reads a list's filters (`moments`: its times), `finding` finds what is shown of that, by
    one statement; `requests` says it in the contract's words, with the offices' `replies`;
    `extended` says more to who asks for it, `paging` which page it was.
4.  `sending_views` takes a request in, from a client with a key (`keys`). `requests_in` reads the
    form, `requests_sent` understands it (`attributes`: the answers), and has it stored as the
    centre's own entries are; `media` fetches the pictures that may be; `received` knows which
    report came from which client, under which id of its own.
5.  `updates_views` tells how work goes on, and hears of it: `updates` finds what has become of
    reports, `updates_in` reads what a client sends, `updates_meaning` says which steps it means
    here, `updates_sent` takes them.

What a client is told of it: docs/open311.md. Why it is so: docs/adr/0037, docs/adr/0038.
"""
