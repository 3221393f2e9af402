from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from portal.bookings.terms import ProductTerms
from portal.catalog import store
from portal.catalog.catalog import Catalog
from portal.catalog.compiler import Compiler
from tests import sample_content


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return sample_content.write(tmp_path / "content")


@pytest.fixture
def catalog_file(tmp_path: Path) -> Path:
    return store.path_in(tmp_path)


@pytest.fixture
def compiler(catalog_file: Path, content: Path) -> Iterator[Compiler]:
    compiler = Compiler(content, catalog_file, TypeAdapter(list[ProductTerms]))
    yield compiler
    compiler.close()


@pytest.fixture
def catalog(tmp_path: Path, compiler: Compiler) -> Iterator[Catalog]:
    compiler.compile()
    catalog = Catalog(store.path_in(tmp_path))
    yield catalog
    catalog.close()
