"""How many proxies are trusted to name the client, as the environment says."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

ASK = "from config import settings; print(settings.ALLAUTH_TRUSTED_PROXY_COUNT)"


def trusted(**environment):
    """What the settings make of an environment, read by a process of its own."""
    own = {
        name: value
        for name, value in os.environ.items()
        if name not in {"BEHIND_PROXY", "TRUSTED_PROXIES"}
    }
    answer = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=settings.BASE_DIR,
        env=own | environment,
        capture_output=True,
        check=True,
    )
    return int(answer.stdout)


@pytest.mark.parametrize(
    ("environment", "proxies"),
    [({}, 0), ({"BEHIND_PROXY": "1"}, 1), ({"BEHIND_PROXY": "1", "TRUSTED_PROXIES": "2"}, 2)],
)
def test_a_proxy_is_counted_where_there_is_one(environment, proxies):
    assert trusted(**environment) == proxies


def test_the_example_for_operators_counts_its_proxy():
    example = (settings.BASE_DIR / "deploy" / "env.example").read_text()
    assert {"BEHIND_PROXY=1", "TRUSTED_PROXIES=1"} <= set(example.splitlines())
