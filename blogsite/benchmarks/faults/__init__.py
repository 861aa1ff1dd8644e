"""The fault trial: real processes, people who keep editing, faults, and an audit of what is left."""
