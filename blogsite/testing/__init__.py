"""What tests and benchmarks share: a model server that misbehaves on command, fixtures, real processes."""
