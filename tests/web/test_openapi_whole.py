"""The OpenAPI documents are whole: they describe everything that is served, and nothing else."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask

from portal.config import ROOT
from portal.web.openapi.data import data_document
from portal.web.openapi.octo import octo_document
from portal.webhooks.model import NOTIFICATIONS, TYPES
from tests.web.openapi_judge import BASE, described, served

AS_THE_STANDARDS_PAGE_SPELLS_IT = {("POST", "/notifications/subcriptions")}


def test_octos_document_has_every_address_there_is_and_no_other(app: Flask) -> None:
    assert described(octo_document(BASE)) == served(app, "/octo") - AS_THE_STANDARDS_PAGE_SPELLS_IT


def test_the_other_document_has_every_address_there_is_and_no_other(app: Flask) -> None:
    assert described(data_document(BASE)) == served(app, "/api/v1")


def test_every_message_that_is_sent_is_described() -> None:
    assert set(octo_document(BASE)["webhooks"]) == {*NOTIFICATIONS.values(), "webhook.ping"}
    schemas = data_document(BASE)["components"]["schemas"]
    told = set()
    for name in ("BookingEvent", "AvailabilityEvent", "ProductEvent", "ListingEvent"):
        type_ = schemas[name]["properties"]["type"]
        told |= set(type_.get("enum", [type_.get("const")]))
    assert told == {one for types in TYPES.values() for one in types}


@pytest.mark.parametrize("describe", [octo_document, data_document])
def test_operations_have_names_of_their_own_and_say_what_they_refuse(describe: object) -> None:
    assert callable(describe)
    document = describe(BASE)
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    names = [one["operationId"] for one in operations]
    assert len(names) == len(set(names))
    for one in operations:
        assert "429" in one["responses"], one["operationId"]
        assert one["summary"].endswith(".")


def test_the_guide_names_every_way_to_manage_webhooks() -> None:
    guide = (ROOT / "docs/partners.md").read_text()
    for path in data_document(BASE)["paths"]:
        if path.startswith("/webhooks"):
            assert f"/api/v1{path}" in guide, path


@pytest.mark.parametrize("describe", [octo_document, data_document])
def test_every_reference_leads_somewhere(describe: object) -> None:
    assert callable(describe)
    document = describe(BASE)
    names = set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(document)))
    assert names <= {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
