"""What workers are told: the broker of the tests keeps it in memory."""

from queue import Empty

from celery import current_app


def drain(queue: str) -> list[tuple[str, list[int]]]:
    """The task and the arguments of each message that waits in the queue, which is empty afterwards."""
    messages = []
    with current_app.connection_for_read() as connection, connection.SimpleQueue(queue) as waiting:
        while True:
            try:
                message = waiting.get_nowait()
            except Empty:
                return messages
            message.ack()
            messages.append((message.headers["task"], message.payload[0]))
