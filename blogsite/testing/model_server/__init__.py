"""A scripted OpenAI-compatible server on loopback: real HTTP, for tests and benchmarks.

In process: `with ModelServer() as server:`, then `server.url`, `.answer(...)`, `.always(...)`, `.calls`.
As a process: `python -m blogsite.testing.model_server --port 9009 [--delay 0.5]`; another process controls it with
`POST /control` `{"answer": {...Behaviour}, "times": 2}` or `{"always": {...}}` or `{"reset": true}`, and reads
`GET /calls`.
"""

from blogsite.testing.model_server.script import Behaviour, Call, Fault
from blogsite.testing.model_server.server import ModelServer

__all__ = ["Behaviour", "Call", "Fault", "ModelServer"]
