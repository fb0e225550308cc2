"""The Celery application. It carries hints; what there is to do stands in the database (``coding.work.leases``)."""

import os

from celery import Celery

from config import file_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

file_broker.install()
app = Celery("concord")
app.config_from_object("django.conf:settings", namespace="CELERY")
