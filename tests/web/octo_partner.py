"""A partner's HTTP client. Whatever it is answered goes before OCTO's own judge."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient

from tests.judges_octo.judge import Judge
from tests.web import octo_document


@dataclass
class Partner:
    """A partner's HTTP client."""

    client: FlaskClient
    key: str
    judge: Judge
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a request and return the JSON of a 200."""
        status, answer = self.send(method, path, body, **headers)
        assert status == 200, answer
        return answer

    def refused(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a request and return the JSON of a 400."""
        status, answer = self.send(method, path, body, **headers)
        assert status == 400, answer
        return answer

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Send a request and return status and JSON of the answer, whatever it is."""
        sent = {"Authorization": f"Bearer {self.key}", **self.headers}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        answer = self.client.open(
            f"/octo{path}", method=method, data=data, headers=sent, content_type="application/json"
        )
        assert answer.mimetype == "application/json"
        on = {
            f"octo/{one.strip().removeprefix('octo/')}"
            for one in answer.headers.get("Octo-Capabilities", "").split(",")
        }
        if faults := self.judge.faults(method, path.partition("?")[0], answer.status_code, answer.json, on):
            raise AssertionError(faults)
        if faults := octo_document.faults(method, path.partition("?")[0], answer.status_code, answer.json):
            raise AssertionError(faults)
        return answer.status_code, answer.json
