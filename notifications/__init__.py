"""How a message leaves the house. In reading order:

1.  `outbox` writes who is told what, in the transaction of the change itself, with one job.
2.  `expansion` turns messages into deliveries: which device, which address, by whose choice.
3.  `claims` lends due deliveries to one worker and writes down what became of them.
4.  `delivery` sends what is claimed, from a bounded pool, with no transaction open.
5.  `channels` hold one provider a file: FCM, Web Push, e-mail, SMS.
6.  `templates` turn a kind and a plain payload into a title and a body; `kinds` lists them.
7.  `devices`, `preferences`, `inbox` and `accounts` are what a person has here; `api` is its door.

Knows nothing of reports: it gets a kind, people and a plain payload.
"""
