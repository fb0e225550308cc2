"""The list of what Concord is made of names every pinned package and every vendored file, with hashes."""

from datetime import UTC, datetime

from tests.conftest import ROOT
from tools import sbom

NOW = datetime(2026, 5, 4, tzinfo=UTC)


def test_every_pinned_package_is_named_with_its_version_hashes_and_licence():
    lines = (ROOT / "requirements/postgres.txt").read_text().splitlines()
    pinned = [line for line in lines if line and not line.startswith((" ", "#"))]
    hashes = [line for line in lines if "--hash" in line]
    named = list(sbom.packages())
    assert len(named) == len(pinned)
    assert sum(len(package["externalReferences"][0]["hashes"]) for package in named) == len(hashes)
    by_name = {package["name"].lower(): package for package in named}
    assert by_name["django"]["purl"].startswith("pkg:pypi/django@5.2.")
    assert by_name["django"]["licenses"]


def test_what_browsers_get_of_others_is_named():
    assert {part["name"] for part in sbom.vendored()} == {
        "bootstrap",
        "bootstrap-icons",
        "htmx.org",
    }


def test_the_same_sources_give_the_same_list():
    assert sbom.document(NOW) == sbom.document(NOW)
    references = [part["bom-ref"] for part in sbom.document(NOW)["components"]]
    assert len(set(references)) == len(references)
