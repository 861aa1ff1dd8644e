"""The processes and the loop that write what the queue has."""
