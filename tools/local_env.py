"""Write var/local.env once: the settings of a copy that runs on this machine only, with secrets of its own."""

import secrets
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "var" / "local.env"

if __name__ == "__main__" and not FILE.exists():
    FILE.parent.mkdir(exist_ok=True)
    FILE.touch(mode=0o600)
    FILE.write_text(
        "CONCORD_LOCAL=1\n"
        f"SECRET_KEY={secrets.token_urlsafe(50)}\n"
        f"AUDIT_KEY={secrets.token_urlsafe(50)}\n"
        f"DEMO_PASSWORD={secrets.token_urlsafe(9)}\n",
        encoding="ascii",
    )
