from __future__ import annotations

import pytest

from bot.metrics.report import Metrics
from tests.metrics.made import make_metrics


@pytest.fixture(scope="session")
def metrics(tmp_path_factory: pytest.TempPathFactory) -> Metrics:
    return make_metrics(tmp_path_factory.mktemp("metrics"))
