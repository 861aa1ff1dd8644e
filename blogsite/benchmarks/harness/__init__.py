"""What benchmarks run on: deployments, databases, load and figures."""
