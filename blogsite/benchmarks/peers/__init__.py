"""The peers that the HTTP API is compared with. All are served alike: by one process on one core."""
