"""The same service with the queue used as its documentation shows: the engine's baseline."""
