"""A demonstration of its own for each test, made once and copied."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.crashes.product import Product
from tests.fixtures.served import Served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A data folder with a past week and a day in progress, at rest; and what the demonstration told."""
    served = Served(tmp_path_factory.mktemp("made"), DEMO="1")
    for words in (["migrate", "--verbosity", "0"], ["demo", "--weeks", "1"]):
        done = served.command(*words)
        assert done.returncode == 0, done.stderr[-4000:]
    return served.data, json.loads(done.stdout)


@pytest.fixture
def product(tmp_path: Path, furnished: tuple[Path, dict[str, Any]]) -> Iterator[Product]:
    """The product, started."""
    made, demo = furnished
    product = Product(tmp_path, demo)
    subprocess.run(["cp", "-a", str(made), str(product.data)], check=True)  # with the owners of the files
    (product.data / "socket_dir").unlink(missing_ok=True)
    try:
        product.start_and_wait()
        yield product
    finally:
        product.end()
