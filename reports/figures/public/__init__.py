"""Figures that anyone may see: whole months, published once, in which nobody can be singled out.

`atoms` cuts a month's reports into groups of people, `margins` adds the categories' totals,
`outcomes` what became of them; `publishing` freezes a month, `answers` adds up what was frozen.
"""
