"""What the history gives for a service, and in which words: whom the same group saw, and whose care goes on."""

from datetime import date

from coding.decision import NOT_DOCUMENTED, known
from coding.models import Encounter
from coding.registers.history import EarlierEncounter
from reviews.coding_form.given_facts import (
    ESTABLISHED,
    WITHIN_GLOBAL_DAYS,
    EarlierService,
    from_history,
)

VISIT = Encounter(patient_id=7, date_of_service=date(2026, 5, 4))
NEW = "history: not seen within three years by this group and specialty"
NO_PERIOD = "history: no earlier service of this group and specialty whose global days last"


def earlier(day=date(2026, 3, 1), *, group=True, specialty=True, doubtful=False, by="Dr. Osei"):
    encounter = Encounter(date_of_service=day, provider=by)
    return EarlierEncounter(encounter, group, specialty, doubtful)


def treated(days, before=None, code="12345"):
    return EarlierService(before or earlier(), code, days)


def established(*before):
    return from_history(VISIT, before, [])[ESTABLISHED]


def within_days(*services):
    return from_history(VISIT, [], services)[WITHIN_GLOBAL_DAYS]


# An established patient.


def test_whoever_was_seen_by_the_same_group_and_specialty_is_established():
    assert established(earlier()) == (known(True), "history: seen 2026-03-01 by Dr. Osei")


def test_another_group_or_another_specialty_is_not_the_same():
    assert established(earlier(group=False)) == (known(False), NEW)
    assert established(earlier(specialty=False), earlier(group=None, specialty=False)) == (
        known(False),
        NEW,
    )
    assert established() == (known(False), NEW)


def test_where_the_register_does_not_know_the_group_it_is_said_of_the_first_such_visit():
    of_unknown = [earlier(group=None, by="Dr. Osei"), earlier(specialty=None, by="Dr. Weiss")]
    assert established(*of_unknown) == (
        NOT_DOCUMENTED,
        (
            "history: seen 2026-03-01 by Dr. Osei,"
            " and the registers do not tell whether it is the same"
        ),
    )


def test_a_visit_that_may_be_another_patient_s_proves_nothing():
    answer, origin = established(earlier(doubtful=True))
    assert answer is NOT_DOCUMENTED
    assert "do not tell whether it is the same" in origin


def test_one_sure_visit_is_enough_wherever_it_stands():
    answer, origin = established(
        earlier(group=None, by="Dr. Weiss"), earlier(group=False), earlier(by="Dr. Osei")
    )
    assert answer == known(True)
    assert origin == "history: seen 2026-03-01 by Dr. Osei"


# Within global days.


def test_the_care_after_an_operation_goes_on_until_its_last_day():
    march = earlier(date(2026, 2, 3))
    assert within_days(treated(90, march)) == (
        known(True),
        "history: 12345 of 2026-02-03 has 90 global days, until 2026-05-04",
    )
    assert within_days(treated(89, march)) == (known(False), NO_PERIOD)


def test_a_procedure_of_the_day_itself_without_days_after_it_still_counts_that_day():
    same_day = earlier(VISIT.date_of_service)
    assert within_days(treated(0, same_day))[0] == known(True)
    assert within_days(treated(0, earlier(date(2026, 5, 3))))[0] == known(False)


def test_another_group_s_care_opens_no_period():
    assert within_days(treated(90, earlier(group=False))) == (known(False), NO_PERIOD)


def test_what_is_not_known_of_provider_or_days_is_said_of_the_first_such_service():
    untold = "its provider or its global days are not known"
    assert within_days(treated(None), treated(90, earlier(group=None), code="54321")) == (
        NOT_DOCUMENTED,
        f"history: 12345 of 2026-03-01; {untold}",
    )
    assert within_days(treated(90, earlier(doubtful=True)))[0] is NOT_DOCUMENTED


def test_a_period_that_is_over_anyhow_leaves_nothing_untold():
    long_ago = earlier(date(2025, 1, 1), group=None)
    assert within_days(treated(90, long_ago)) == (known(False), NO_PERIOD)


def test_one_sure_period_counts_whatever_else_is_not_known():
    answer, origin = within_days(treated(None), treated(90, code="54321"))
    assert answer == known(True)
    assert origin.startswith("history: 54321 of 2026-03-01 has 90 global days")


def test_of_nobody_whom_the_register_knows_both_are_open():
    nobody = Encounter(date_of_service=date(2026, 5, 4))
    words = "history: the register does not know whose encounter it is"
    assert from_history(nobody, [earlier()], [treated(90)]) == {
        ESTABLISHED: (NOT_DOCUMENTED, words),
        WITHIN_GLOBAL_DAYS: (NOT_DOCUMENTED, words),
    }
