"""Wrong passwords: `python -m blogsite.benchmarks.passwords [--database D] [--number N] [--json]`.

People who guess try one account's password over the API and at the admin's login, eight at a time and each from one of
100 networks, while the owner of another account logs in again and again. Then the right password is tried, and once
more when the delay is over. The web server is the real one; its hasher counts.

`hashed`: how many of the wrong passwords were hashed. `right_at_once`, `right_after_delay`: the statuses for the right
one. `other_ms_before`, `other_ms_during`: the median time of the other account's login, alone and beside the guesses.
"""
