"""Which header of a table of encounters means which field."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from coding.intake.check import LABELS
from coding.intake.drafts import Layout
from coding.intake.notation import proven_order
from coding.intake.numbered_columns import numbered
from coding.intake.values import counted
from coding.tables.errors import FileError

FIELDS = tuple(LABELS)
# Added to a file of rejected rows; ignored when the mended file comes back.
PROBLEM_COLUMN = "problem"
PREVIEW_ROWS = 5
LEAST_RECOGNISED = 3
DAYS = ("birth_date", "date_of_service")
# Written in lower case, without anything but letters and digits.
SYNONYMS = {
    "external_id": "externalid visitnumber visitid visitno visit encounterid encounternumber csn accountnumber"
    " account accountno acct acctno acctnumber patientaccountnumber har fin claimnumber claimid encounter"
    " encounterno encid encno enc visitnum accountnum acctnum accountid acctid patientaccount claimno claim",
    "patient_reference": "patientreference mrn medicalrecordnumber patientid patientnumber patient chartnumber"
    " mrnumber patientmrn medicalrecordno chartno unitnumber ptid ptmrn ptnumber ptno patientno patid medrecno medrec"
    " medicalrecord mrno patmrn patientmedicalrecordnumber",
    "birth_date": "birthdate dateofbirth dob patientdob birthday birthdttm patientbirthdate patientdateofbirth ptdob",
    "sex": "sex gender patientsex patientgender administrativesex gendermf sexmf legalsex birthsex ptsex ptgender",
    "date_of_service": "dateofservice dos servicedate visitdate encounterdate"
    " svcdate dosfrom fromdate servicefrom datefrom svcdt servicedt dateofsvc dosbegin servicestartdate"
    " startdateofservice fromdos fromdateofservice servicedttm servicedatetime contactdate apptdate appointmentdate"
    " visitdt dateofvisit from svcfromdate servicefromdate",
    "place_of_service": "placeofservice pos poscode placeofservicecode facilitypos placeofsvc",
    "provider": "provider renderingprovider providername physician attending attendingprovider"
    " renderingphysician renderingprovidername doctor performingprovider rendering attendingmd attendingphysician"
    " surgeon prov provname servicingprovider treatingprovider clinician renderingprov servicingprov"
    " attendingprovidername",
    "payer": "payer payor insurance primarypayer insurer plan healthplan carrier"
    " payername payorname insurancename primaryinsurance insurancecompany primaryins insname primaryinsurancename"
    " insuranceplan primarypayername insco insurancecarrier",
    "note": "note notetext clinicalnote operativenote documentation narrative"
    " notes opnote clinicalnotes chartnote reporttext notebody progressnote officenote visitnote clinicaldocumentation"
    " clinicalnotetext opreport operativereport",
    "diagnoses": "diagnoses diagnosis dx icd10 icd10cm icd10codes icd10cmcodes diagnosiscodes diagnosiscode dxcodes"
    " dxcode icd icdcode icdcodes icd10code icd10diagnoses diagnosiscodesicd10 diagcodes diagcode",
    "service_lines": "servicelines cpt cptcode cptcodes procedure procedures procedurecode procedurecodes charges"
    " cpthcpcs hcpcs hcpcscode hcpcscodes cpthcpcscode cpthcpcscodes proccode proccodes proccd cptcd"
    " procedurecodecpt cpt4 cpt4code cpt4codes",
}
FIELD_OF = {name: field for field, names in SYNONYMS.items() for name in names.split()}
# The last day of a service, beside the first: a service of several days is none of an encounter's one day.
LAST_DAYS = (
    "todos dosto todate dateto serviceto todateofservice servicetodate dosend enddos dosthrough throughdate thrudate"
    " serviceenddate enddateofservice to thru svctodate"
)
LAST_DAY = frozenset(LAST_DAYS.split())
NO_NAME = re.compile(r"[^a-z0-9]")


@dataclass(frozen=True, slots=True)
class Preview:
    """The header of a table and its first rows, to be matched to fields by a person.

    ``date_order`` is the one that the dates of the table prove, ymd where they prove none.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    date_order: str = "ymd"


def field_named(header: str) -> str | None:
    """The field that a header seems to name."""
    return FIELD_OF.get(NO_NAME.sub("", header.lower()))


def is_template(headers: Sequence[str]) -> bool:
    """Whether a table has the columns of the template, which need no matching."""
    return {header.strip().lower() for header in headers} <= {*FIELDS, PROBLEM_COLUMN}


def guess(preview: Preview) -> Layout:
    """Which column seems to hold which field, by its name; of several for one field, the first."""
    columns: dict[str, str] = {}
    for header in preview.headers:
        if field := field_named(header):
            columns.setdefault(field, header)
    # A header that names a field as a whole is not one of a row of columns too.
    several = numbered(preview.headers)
    for field, kind in (("diagnoses", "diagnoses"), ("service_lines", "codes")):
        if columns.get(field) in several.get(kind, ()):
            del columns[field]
    return Layout(columns, preview.date_order, several)


def recognised(headers: Sequence[str]) -> int:
    """How many of the fields the headers seem to name."""
    return len({field_named(header) for header in headers} - {None})


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row names enough fields to be the header: titles and dates of a report stand above it."""
    return recognised(cells) >= LEAST_RECOGNISED


def rows_above(count: int) -> str:
    """The rows above the header, for a remark."""
    return f"{counted(count, 'row')} above the header"


def own_columns(headers: Sequence[str]) -> list[int]:
    """The places of all columns but that of the problems, which a file of rejected rows brings."""
    names = [header.strip().casefold() for header in headers]
    return [place for place, name in enumerate(names) if name != PROBLEM_COLUMN]


def preview_of(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Preview:
    """The header with some rows, of which a person sees the first. What ends them early is told when they are read."""
    looked_at: list[tuple[str, ...]] = []
    with suppress(FileError):
        for row in rows:
            looked_at.append(tuple(row))
    days = [place for place, header in enumerate(headers) if field_named(header) in DAYS]
    order = proven_order(row[place] for row in looked_at for place in days)
    return Preview(tuple(headers), tuple(looked_at[:PREVIEW_ROWS]), order)
