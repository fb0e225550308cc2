"""The WSGI application."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# Now, and not in the first request: the addresses bring the views and all that they need.
_ = get_resolver().url_patterns
# What was loaded at the start stays. The collector would go through it after every few requests, a tenth of a second.
gc.collect()
gc.freeze()
