"""Background work: jobs and their chunks, leased in the database and only hinted at through Celery."""
