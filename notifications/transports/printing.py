import logging
import uuid

logger = logging.getLogger(__name__)


class Printing:
    """For a first run without a gateway: the text goes to the log, the number does not."""

    def send(self, *, to: str, body: str) -> str:
        logger.info("text to …%s: %s", to[-2:], " / ".join(body.splitlines()))
        return f"printed-{uuid.uuid4().hex}"
