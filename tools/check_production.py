"""Check the settings as in production, and that no model change lacks its migration."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "CONCORD_LOCAL": "0",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "AUDIT_KEY": secrets.token_urlsafe(60),
    "ALLOWED_HOSTS": "concord.example",
}

if __name__ == "__main__":
    for arguments in (
        ["check", "--deploy", "--fail-level", "WARNING"],
        ["makemigrations", "--check", "--dry-run"],
    ):
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        status = subprocess.run(command, env={**os.environ, **PRODUCTION}, check=False).returncode
        if status:
            sys.exit(status)
