"""The same service with the queue used as its documentation shows: what the engine is measured against."""
