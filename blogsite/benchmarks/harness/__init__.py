"""What benchmarks run on: deployments, databases, load and resource usage."""
