"""Events told to other systems, over HTTP. In reading order:

1.  `endpoints` are where somebody wants to be told, of what, and as whom they read: the public, or
    an office. `addresses` says which we are willing to call.
2.  `outbox` writes an event and its deliveries, in the transaction of the change itself.
3.  `claims` lends due deliveries to one worker, few at a time of one endpoint, and writes down what
    became of them; `backoff` says when one is tried again.
4.  `delivery` asks from above what each may be told (`ports`), signs it (`signing`) and sends it
    (`posting`), with no transaction open.
5.  `letter` tells the owner of an endpoint that was switched off; `replay` sends again what was
    missed; `history` is what became of it all, for a page.

An event's row holds no words of anybody: what its body says is looked up when it leaves, so that
what was hidden or erased meanwhile is not told, and no copy has to be hunted down.
"""
