"""A celery worker whose client is made, and used, before it forks its pool; its last task shuts it down."""

import sys
import time
from pathlib import Path

from celery import Celery  # type: ignore[import-untyped]  # celery ships no types
from celery.signals import worker_ready  # type: ignore[import-untyped]  # celery ships no types

from tests.delivery.processes import server_client, tell

TASKS = 9

folder = Path(sys.argv[1])
folders = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": folder / "control"}
app = Celery(broker="filesystem://", broker_transport_options={**folders, "polling_interval": 0.01})
app.conf.worker_prefetch_multiplier = 1
done = folder / "done"
client = server_client()
tell(client, 20, 0)


@app.task  # type: ignore[untyped-decorator]  # celery ships no types
def work(first: int) -> None:
    """Track in a child of the pool."""
    tell(client, 5, first)
    (done / str(first)).touch()


@app.task  # type: ignore[untyped-decorator]  # celery ships no types
def shut_down() -> None:
    """Begin a warm shutdown once all else is done: tasks come in no particular order."""
    while len(list(done.iterdir())) < TASKS:
        time.sleep(0.01)
    app.control.shutdown()


@worker_ready.connect  # type: ignore[untyped-decorator]  # celery ships no types
def send_tasks(**_: object) -> None:
    """Have something to do."""
    done.mkdir()
    for number in range(1, TASKS + 1):
        work.delay(100 * number)
    shut_down.delay()


if __name__ == "__main__":
    app.worker_main(["--quiet", "worker", "--pool", "prefork", "--concurrency", "2"])
