"""The one place that makes the Elasticsearch client, and that tells its errors apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from search.backend import SearchError, SearchUnavailable

REQUEST_TIMEOUT_S = 30.0


def connect(urls: Sequence[str], api_key: str | None = None, ca: Path | None = None) -> Elasticsearch:
    """Return a client; it connects on first use. Make it after a fork, not before.

    A refused connection is tried again on the next node at once; what takes too long, or a server that says it is
    busy, is not, as the caller has a reader waiting.
    """
    tls: dict[str, Any] = {"ca_certs": str(ca)} if ca else {}
    return Elasticsearch(
        list(urls),
        api_key=api_key,
        request_timeout=REQUEST_TIMEOUT_S,
        retry_on_timeout=False,
        retry_on_status=(),
        max_retries=max(1, len(urls) - 1),
        **tls,
    )


@contextmanager
def reaching() -> Iterator[None]:
    """Turn the client's errors into the search's own.

    :raises SearchUnavailable: the server cannot be reached, refuses us, has no index, is read-only, full or busy.
    :raises SearchError: the server did not understand, which is a mistake of this code.
    """
    try:
        yield
    except TransportError as error:
        raise SearchUnavailable(f"Elasticsearch cannot be reached: {error}") from error
    except ApiError as error:
        kind = SearchError if error.status_code == 400 else SearchUnavailable
        raise kind(f"Elasticsearch answered {error.status_code}: {error.message}") from error
