"""All kinds of hostile load at once, for a minute, while two cheap addresses are watched.

    python -m blogsite.benchmarks.hostile [--database sqlite|postgresql] [--seconds 60] [--rows 20000] [--json]

64 connections send a body byte by byte; 16 askers of each expensive address (`scene.py` lists them) ask again as soon
as they are answered, or after a tenth of a second if they were refused, whatever Retry-After says; one account PATCHes
a post with texts of 200 kB that no database can compress; a worker has 200 generations in flight at a slow model. The
server is `manage.py web`, on the machine's first core; everything else uses the last one. A process of its own, ahead
of the load, reads one post and `/healthz` every 50 ms, over a new connection each time and whether or not the last one
has been answered; what is not answered within 10 s counts as 10 s.

`get_median_ms`, `get_p99_ms`, `get_max_ms`, `healthz_p99_ms`, `healthz_max_ms`: of those reads. `probes_failed`: how
many of them got anything but 200. `web_rss_mb`: most memory of all processes of the web server together, pages they
share counted for each. `disk_growth_mb`: of the database with its log, from before the load to its end: the account's
texts up to its post's quota, on PostgreSQL until a vacuum twice, and some 10 MB that the worker writes. `errors_5xx`:
answers of 500 or more, other than 503 with Retry-After. `broken`: requests without an answer, other than slow ones.
`refused_503`: 503 with Retry-After. `in_flight`: generations in progress, median of the samples. `patches_accepted`,
`patches_refused`: of the account. `asked`: answers by address and status. `load_average`: of the machine, before.

It exits with 1 if a target is missed.
"""
