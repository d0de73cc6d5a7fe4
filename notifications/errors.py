"""A user's mistake, and a message that did not get through."""

from lib.errors import DomainError


class NotificationError(DomainError):
    """A request about channels or deliveries that a rule refuses."""


class DeliveryError(Exception):
    """A message that its channel did not take. `sentence` is for people and names no secret.

    `is_final`: the same again would end the same. `retry_after` is how many seconds the other side asked to be left
    alone for, None where it said nothing.
    """

    def __init__(self, sentence: str, *, is_final: bool, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.is_final = is_final
        self.retry_after = retry_after
