"""How the tables of a system are read is shown, changed and forgotten without a file at hand."""

import uuid

import pytest
from django.urls import reverse

from coding.actions import mappings, uploads
from coding.actions.errors import Conflict, NotAllowed
from coding.intake.drafts import Layout
from coding.models import AuditEvent, SourceLayout, Upload
from tests import factories, incoming
from tests.incoming import FOREIGN, FOREIGN_COLUMNS, work


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def sent(people, content=FOREIGN):
    upload = factories.upload(people, content.encode())
    work()
    return incoming.now(upload)


@pytest.fixture
def mapping(people):
    """The mapping of a source whose first file was matched."""
    uploads.match_columns(people["coder"], sent(people), Layout(FOREIGN_COLUMNS, "mdy"))
    work()
    return SourceLayout.objects.get()


def send(client, mapping, **changes):
    data = {"idempotency_key": uuid.uuid4(), "date_order": "mdy", **FOREIGN_COLUMNS, **changes}
    as_read = {"as_read": mappings.state_of(mapping)}
    return client.post(mapping.get_absolute_url(), as_read | data)


def test_a_mapping_keeps_the_headers_between_which_it_chose(mapping):
    assert mapping.headers == FOREIGN.splitlines()[0].split(",")


def test_mappings_are_listed_with_their_columns_and_who_matched_them(people, coder, mapping):
    page = coder.get(reverse("mappings")).content.decode()
    for words in ("his", "Visit number", people["coder"].name, mapping.get_absolute_url()):
        assert words in page


def test_without_a_mapping_the_list_says_when_there_will_be_one(coder):
    assert "No mappings yet" in coder.get(reverse("mappings")).content.decode()


def test_long_lists_have_a_second_page(people, coder):
    SourceLayout.objects.bulk_create(
        SourceLayout(
            source=f"system-{number:02}", layout={"columns": {}}, matched_by=people["coder"]
        )
        for number in range(26)
    )
    page = coder.get(reverse("mappings"), {"page": "2"}).context["page"]
    assert [kept.source for kept in page] == ["system-25"]


def test_the_form_shows_what_was_matched(coder, mapping):
    form = coder.get(mapping.get_absolute_url()).context["form"]
    assert {name: form[name].value() for name in FOREIGN_COLUMNS} == FOREIGN_COLUMNS
    assert form["date_order"].value() == "mdy"


def test_a_change_counts_for_the_next_file_and_not_for_those_that_are_here(people, coder, mapping):
    before = Upload.objects.get()
    response = send(coder, mapping, patient_reference="Visit number", external_id="MRN")
    assert response.url == mapping.get_absolute_url()
    again = sent(people)
    assert again.rows.get().record["patient_reference"] == "V-1"
    assert incoming.now(before).layout["columns"] == FOREIGN_COLUMNS
    assert AuditEvent.objects.get(event="mapping.changed").after["source"] == "his"


def test_of_two_who_have_it_open_the_second_is_told_and_undoes_nothing(people, coder, mapping):
    opened = coder.get(mapping.get_absolute_url()).context["form"]["as_read"].value()
    other = Layout({**FOREIGN_COLUMNS, "external_id": "MRN"})
    mappings.change(people["coder", 2], mapping, other, opened)
    response = send(coder, mapping, as_read=opened, date_order="dmy")
    assert response.status_code == 409
    assert f"{people['coder', 2].name} changed this mapping meanwhile." in response.text
    assert response.context["form"]["date_order"].value() == "dmy"
    assert SourceLayout.objects.get().layout["columns"] == other.columns


def test_what_is_wrong_is_named_and_nothing_is_changed(coder, mapping):
    response = send(coder, mapping, note="")
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["note"]
    assert SourceLayout.objects.get().layout == mapping.layout


def test_a_forgotten_mapping_is_asked_for_again(people, coder, mapping):
    response = coder.post(reverse("forget-mapping", args=["his"]))
    assert response.url == reverse("mappings")
    assert not SourceLayout.objects.exists()
    assert sent(people).waits_for_columns
    assert AuditEvent.objects.get(event="mapping.forgotten").before == {"source": "his"}


def test_whoever_changes_what_was_forgotten_meanwhile_is_told(people, mapping):
    mappings.forget(people["coder", 2], mapping)
    with pytest.raises(Conflict, match="forgotten meanwhile"):
        mappings.change(people["coder"], mapping, Layout(FOREIGN_COLUMNS), "")


@pytest.mark.parametrize("role", ["auditor", "supervisor"])
def test_only_who_uploads_changes_or_forgets(people, mapping, role):
    actor = people[role]
    for act in (
        lambda: mappings.change(actor, mapping, Layout(), ""),
        lambda: mappings.forget(actor, mapping),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_an_auditor_reads_a_mapping_and_is_offered_nothing(people, client, mapping):
    client.force_login(people["auditor"])
    page = client.get(mapping.get_absolute_url()).content.decode()
    assert "Visit number" in page
    assert "Save mapping" not in page
    assert "Forget it" not in page


def test_a_mapping_of_before_headers_were_kept_can_exchange_its_own_columns(coder, mapping):
    SourceLayout.objects.update(headers=[])
    form = coder.get(mapping.get_absolute_url()).context["form"]
    assert {value for value, _ in form.fields["note"].choices} == {"", *FOREIGN_COLUMNS.values()}


def test_where_a_file_lacks_a_column_the_others_are_proposed_as_they_were_matched(
    people, coder, mapping
):
    upload = sent(people, FOREIGN.replace("DOS", "Day seen"))
    form = coder.get(upload.get_absolute_url()).context["form"]
    proposed = {name: form[name].value() for name in FOREIGN_COLUMNS}
    assert proposed == {**FOREIGN_COLUMNS, "date_of_service": ""}
