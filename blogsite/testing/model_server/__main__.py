"""The model server as a process of its own."""

import argparse
import signal

from blogsite.testing.model_server import Behaviour, ModelServer


def main() -> None:
    """Serve until SIGTERM or Ctrl-C; print the URL when ready."""
    parser = argparse.ArgumentParser(description="A scripted OpenAI-compatible server on loopback.")
    parser.add_argument("--port", type=int, default=0, help="TCP port on 127.0.0.1; 0 for a free one")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    options = parser.parse_args()
    stops = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)  # before the server's thread starts, which inherits the mask
    with ModelServer(options.port) as server:
        server.always(Behaviour(delay=options.delay))
        print(f"model server ready on {server.url}", flush=True)
        signal.sigwait(stops)


if __name__ == "__main__":
    main()
