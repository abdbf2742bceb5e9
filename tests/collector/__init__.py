"""The collector, over real sockets where a request is what counts."""
