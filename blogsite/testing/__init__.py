"""What tests and benchmarks share: a scripted model server, fixtures, real processes."""
