"""Filters that people keep of lists, and lists that they take away as files."""

import pytest

from coding.actions import lists
from coding.actions.errors import Conflict, NotAllowed
from coding.actions.signatures import NotSigned
from coding.models import AuditEvent, ListExport, Meaning, SavedFilter
from tests import factories, signing

PLACE = "worklist"
SHA256 = "ab" * 32


@pytest.fixture
def coder(people):
    return people["coder"]


def save(person, name, asked="state=to_code", place=PLACE, **more):
    return lists.save_filter(person, place, name, asked, **more)


def kept(person, place=PLACE):
    return dict(SavedFilter.objects.filter(person=person, place=place).values_list("name", "asked"))


def opens_with(person, place=PLACE):
    defaults = SavedFilter.objects.filter(person=person, place=place, is_default=True)
    return [saved.name for saved in defaults]


# Filters ------------------------------------------------------------------------------------------


def test_a_name_keeps_what_was_asked_last_and_no_event_tells_of_it(coder):
    first = save(coder, "To do")
    assert save(coder, "To do", "state=final").pk == first.pk
    assert kept(coder) == {"To do": "state=final"}
    assert opens_with(coder) == []
    assert not AuditEvent.objects.exists()


def test_a_list_opens_with_one_filter_at_most(coder):
    first = save(coder, "First", default=True)
    second = save(coder, "Second", default=True)
    assert opens_with(coder) == ["Second"]
    lists.open_with(coder, PLACE, first)
    assert opens_with(coder) == ["First"]
    lists.open_with(coder, PLACE, None)
    assert opens_with(coder) == []
    lists.open_with(coder, PLACE, second)
    assert opens_with(coder) == ["Second"]


def test_what_is_saved_again_without_being_asked_to_stays_what_the_list_opens_with(coder):
    save(coder, "Mine", default=True)
    save(coder, "Mine", "state=final")
    assert opens_with(coder) == ["Mine"]


def test_each_list_and_each_person_has_filters_of_their_own(people, coder):
    colleague = people["coder", 2]
    mine = save(coder, "Mine", default=True)
    save(colleague, "Mine", "state=final", default=True)
    save(coder, "Mine", "level=2", place="queue", default=True)

    lists.open_with(coder, PLACE, None)
    assert (opens_with(coder), opens_with(coder, "queue")) == ([], ["Mine"])
    assert opens_with(colleague) == ["Mine"]
    lists.forget_filter(colleague, mine)
    assert kept(coder) == {"Mine": "state=to_code"}
    lists.forget_filter(coder, mine)
    assert kept(coder) == {}
    assert kept(coder, "queue") == {"Mine": "level=2"}


def test_the_thirtieth_filter_is_kept_the_next_is_refused_and_those_that_are_there_change(coder):
    SavedFilter.objects.bulk_create(
        SavedFilter(person=coder, place=PLACE, name=f"{number}", asked="") for number in range(29)
    )
    save(coder, "29")
    with pytest.raises(Conflict) as refusal:
        save(coder, "One more")
    assert str(refusal.value) == "You keep 30 filters of this list. Forget one of them first."
    save(coder, "29", "state=final")
    assert kept(coder)["29"] == "state=final"
    save(coder, "One more", place="queue")
    assert len(kept(coder)) == 30


# Files --------------------------------------------------------------------------------------------


def take(person, confirmation=None):
    return lists.take_list(person, "coding.view_encounter", PLACE, 3, SHA256, confirmation)


def test_who_may_see_a_list_takes_it_away_signed_and_the_trail_tells_which(coder):
    export = take(coder, signing.by_password(coder))
    assert (export.place, export.rows, export.sha256) == (PLACE, 3, SHA256)
    assert export.taken_by == coder
    [signature] = signing.signatures_under(export)
    assert (signature.signer, signature.meaning) == (coder, Meaning.EXPORT)
    event = AuditEvent.objects.get(event="list.exported")
    assert event.actor == coder
    said = signing.but_for_the_signature(event.after)
    assert said == {"list": PLACE, "rows": 3, "file": SHA256}


def test_what_is_signed_is_the_file_itself(coder):
    export = take(coder, signing.by_password(coder))
    event = AuditEvent.objects.get(event="list.exported")
    assert event.after["sha256"] == export.sha256 == SHA256


def test_who_may_not_see_it_takes_nothing_away(people):
    outsider = factories.person("coder")
    outsider.groups.clear()
    with pytest.raises(NotAllowed) as refusal:
        take(outsider, signing.by_password(outsider))
    assert str(refusal.value) == (
        "You may not take this list away. Ask an administrator for the role that may."
    )
    assert not ListExport.objects.exists()


def test_nobody_takes_it_unsigned_or_with_the_password_of_another(people, coder, settings):
    settings.SIGN_AGAIN = True
    for confirmation in (None, signing.by_password(people["supervisor"])):
        with pytest.raises(NotSigned):
            take(coder, confirmation)
    assert not ListExport.objects.exists()
    assert not AuditEvent.objects.exists()
