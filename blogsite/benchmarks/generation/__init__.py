"""The parts of the throughput trial, `python -m blogsite.benchmarks.generation`."""
