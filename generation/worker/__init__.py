"""The processes and the loop that write what is queued."""
