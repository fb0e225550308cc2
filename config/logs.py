"""Logs and error reports that tell where something failed, and nothing of the patient it failed on."""

import sys
import traceback
from collections.abc import ItemsView, MutableMapping
from types import TracebackType
from typing import Any

import structlog
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter


def drop_exception_text(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor: an exception becomes its type and place, since its text may quote a row."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, BaseException):
        error = (type(error), error, error.__traceback__)
    if error and error[0] is not None:
        event["error"] = error[0].__qualname__
        event["at"] = place(error[2])
    record = event.get("_record")
    if record is not None:
        record.exc_info = record.exc_text = None
    return event


def tell_route(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor: a refused request is logged by its route; its path may hold what a client made up."""
    record = event.get("_record")
    request, status = getattr(record, "request", None), getattr(record, "status_code", None)
    if request is not None and status is not None:
        match = request.resolver_match
        event["event"] = f"{status} at {match.route if match else 'no address of ours'}"
    return event


def json_lines(level: str) -> dict[str, Any]:
    """Let structlog write lines of JSON; what ``settings.LOGGING`` is, so that others' messages are such lines too."""
    processors: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
        drop_exception_text,
        tell_route,
    ]
    structlog.configure(
        processors=[*processors, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processor": structlog.processors.JSONRenderer(),
        "foreign_pre_chain": processors,
    }
    # Django's and Celery's messages quote paths and arguments; what we need of a request our own middleware logs.
    quiet = {"handlers": ["console"], "level": "WARNING", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {"django": quiet, "celery": quiet},
    }


def place(trace: TracebackType | None) -> str:
    """The innermost frames as file:line function, without any value."""
    frames = traceback.extract_tb(trace)[-3:]
    return " > ".join(
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames
    )


class ReticentFilter(SafeExceptionReporterFilter):
    """Keeps the request's data and every local variable out of error reports."""

    def is_active(self, request: object) -> bool:
        """Always, not only outside of DEBUG."""
        return True

    def get_post_parameters(self, request: object) -> dict[str, Any]:
        """None of them."""
        return {}

    def get_traceback_frame_variables(
        self, request: object, tb_frame: object
    ) -> ItemsView[str, Any]:
        """None of them."""
        return {}.items()


class ReticentReporter(ExceptionReporter):
    """An error report of type and place."""

    def get_traceback_text(self) -> SafeString:
        """The type of the error and where it arose."""
        name = self.exc_type.__qualname__ if self.exc_type else "Error"
        return SafeString(f"{name} at {place(self.tb)}")

    def get_traceback_html(self) -> SafeString:
        """The same as the text."""
        return self.get_traceback_text()
