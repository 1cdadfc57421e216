"""Who is calling: accounts, sign-in, tokens, and the guards that every route must name."""
