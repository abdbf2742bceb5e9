"""Programs that fork, which the tests run as processes of their own; see `tests.delivery.processes`."""
