"""Deliveries of outcome events beside a worker's threads: a slow receiver holds up no message to a debtor."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore

import dramatiq

from outreach.flow.isolating import TRANSIENT
from outreach.flow.outcome_delivery import Deliveries
from outreach.workers.troubles import Trouble

#: Endpoints that one process serves at once.
AT_ONCE = 8


class Couriers(dramatiq.Middleware):
    """Serves endpoints in threads of their own. What finds none free, or fails, is found again within seconds."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries
        self._pool = ThreadPoolExecutor(AT_ONCE, "endpoint")
        self._free = BoundedSemaphore(AT_ONCE)
        self._database, self._own = Trouble("the database"), Trouble("the delivery of outcome events")

    def hand_over(self, endpoint_ids: Sequence[int]) -> None:
        """Serve endpoints, as far as threads are free."""
        for endpoint_id in endpoint_ids:
            if self._free.acquire(blocking=False):
                self._pool.submit(self._serve, endpoint_id)

    def _serve(self, endpoint_id: int) -> None:
        try:
            self._deliveries.serve(endpoint_id)
        except TRANSIENT as error:
            self._database.noticed(error)
        except Exception as error:  # noqa: BLE001 (one endpoint's failure must not end the thread of the others)
            self._own.noticed(error, trace=True)
        else:
            self._database.over()
            self._own.over()
        finally:
            self._free.release()

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:  # noqa: ARG002
        """Dramatiq's hook: the worker stops."""
        self._deliveries.stop()

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:  # noqa: ARG002
        """Dramatiq's hook: it has stopped."""
        self._pool.shutdown(cancel_futures=True)
