"""Files of fee schedules in the columns that Concord names."""

import csv
import io
from datetime import date

from coding.actions import fee_schedules

JULY, OCTOBER = date(2024, 7, 1), date(2024, 10, 1)
ROW = {
    "hcpcs": "27256",
    "mod": "",
    "status_code": "A",
    "work_rvu": "4.28",
    "non_facility_total": "9.62",
    "facility_total": "7.27",
    "glob_days": "010",
}


def file_of(*changes, **same):
    """A file with one row for each set of changes; ``same`` stands in every row."""
    rows = [{**ROW, **same, **change} for change in changes or [{}]]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(dict.fromkeys(column for row in rows for column in row)))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def dated(day, source_file, **values):
    return {"source_file": source_file, "date_start": day, **values}


def load(data, valid_from=JULY, name="", actor=None):
    return fee_schedules.load(actor, data, valid_from, name)
