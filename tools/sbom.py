"""``make sbom``: what Concord is made of, as CycloneDX 1.6, from the pinned requirements and the vendored files.

Packages with the hashes of the lock file; licences as the installed packages tell them. The same sources give the same
file, but for its time.
"""

import hashlib
import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "postgres.txt"
VENDORED = ROOT / "static" / "vendor"
PINNED = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>[^ ;\\]+)", re.MULTILINE
)
# As our own VERSION files say it.
NPM = re.compile(r"(?P<version>\d+\.\d+\.\d+)\b.*npm package (?P<name>[a-z.-]*[a-z])")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def packages() -> Iterator[dict[str, Any]]:
    """What is installed for production, in the order of the lock file."""
    text = LOCK.read_text(encoding="utf-8")
    pins = list(PINNED.finditer(text))
    ends = [pin.start() for pin in pins[1:]] + [len(text)]
    for pin, end in zip(pins, ends, strict=True):
        name, version = pin["name"], pin["version"]
        address = f"pkg:pypi/{re.sub('[-_.]+', '-', name).lower()}@{version}"
        # Every file of this version that may be installed.
        files = [
            {"alg": "SHA-256", "content": digest} for digest in HASH.findall(text, pin.start(), end)
        ]
        yield {
            "type": "library",
            "bom-ref": address,
            "name": name,
            "version": version,
            "purl": address,
            "licenses": licences(name),
            "externalReferences": [{"type": "distribution", "url": address, "hashes": files}],
        }


def licences(name: str) -> list[dict[str, Any]]:
    """As the installed package says; empty where it is not installed on this platform, or says nothing."""
    try:
        fields = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return []
    if expression := fields.get("License-Expression"):
        return [{"expression": expression}]
    classified = [
        line.rpartition(" :: ")[2]
        for line in fields.get_all("Classifier", [])
        if line.startswith("License ::")
    ]
    short = [
        line for line in [fields.get("License", "")] if line and "\n" not in line and len(line) < 60
    ]
    return [{"license": {"name": words}} for words in classified or short]


def vendored() -> Iterator[dict[str, Any]]:
    """What browsers get of others."""
    for folder in sorted(path.parent for path in VENDORED.glob("*/VERSION")):
        named = NPM.search(folder.joinpath("VERSION").read_text(encoding="utf-8"))
        if named is None:
            raise SystemExit(f"{folder}/VERSION names no version of an npm package.")
        address = f"pkg:npm/{named['name']}@{named['version']}"
        files = sorted(path for path in folder.iterdir() if path.name not in {"VERSION", "LICENSE"})
        digest = hashlib.sha256(
            b"".join(path.read_bytes() for path in files if path.is_file())
        ).hexdigest()
        yield {
            "type": "library",
            "bom-ref": address,
            "name": named["name"],
            "version": named["version"],
            "purl": address,
            "hashes": [{"alg": "SHA-256", "content": digest}] if files else [],
        }


def document(now: datetime) -> dict[str, Any]:
    """The whole SBOM."""
    components = [*packages(), *vendored()]
    own = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    reference = f"{own['name']}@{own['version']}"
    content = json.dumps(components, sort_keys=True)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, content)}",
        "version": 1,
        "metadata": {
            "timestamp": now.isoformat(timespec="seconds"),
            "component": {
                "type": "application",
                "bom-ref": reference,
                "name": own["name"],
                "version": own["version"],
                "licenses": [{"expression": own["license"]["text"]}],
            },
        },
        "components": components,
        "dependencies": [
            {"ref": reference, "dependsOn": [component["bom-ref"] for component in components]}
        ],
    }


if __name__ == "__main__":
    json.dump(document(datetime.now(UTC)), sys.stdout, indent=1)
    print()
