"""The pages: what a browser is given, beside the API that they speak to.

In the order in which it happens:

1. `node.py`      finds Node, which is needed to build and at no other time
2. `icons.py`     draws the icons of the installed page
3. `build.py`     bundles the TypeScript into `built/`, when it is not built yet
4. `assets.py`    serves what was built
5. `city.py`      what a page has to know of the city
6. `boot.py`      what the server writes into a page
7. `pages.py`     the one page that residents' phones get, at all its addresses
8. `policy.py`    what a page may load, and from where
9. `trouble.py`   the page that a person sees when there is none

The residents' page itself is TypeScript, in `phone/` and `design/`.
"""
