"""What charge messages (DFT) charge, do and take back: FT1, PR1 and DG1, segment by segment."""

import pytest

from coding.intake.drafts import LineDraft
from coding.intake.hl7.charges import Charges
from coding.intake.hl7.segments import taken_apart

HEADER = "MSH|^~\\&|EHR|CLINIC|||20260112||DFT^P03|1|P|2.5.1"


def fields(name, values):
    """A segment that holds these values, by the numbers of their fields."""
    cells = [name, *[""] * max(values)]
    for at, value in values.items():
        cells[at] = value
    return "|".join(cells)


def ft1(code="12345^^C4", **changes):
    """A charge; a field that differs is given by its number: ft1(_10="2")."""
    usual = {4: "20260112", 6: "CG", 10: "1", 25: code}
    return fields("FT1", usual | {int(name[1:]): value for name, value in changes.items()})


def dg1(code, **changes):
    return fields("DG1", {3: code} | {int(name[1:]): value for name, value in changes.items()})


def pr1(code, **changes):
    usual = {3: code, 5: "20260112"}
    return fields("PR1", usual | {int(name[1:]): value for name, value in changes.items()})


def charged(*messages):
    """What some messages charge together; each is a list of segments."""
    charges = Charges()
    for number, segments in enumerate(messages, start=1):
        content = "".join(f"{segment}\r" for segment in (HEADER, *segments)).encode()
        charges.take(taken_apart(content), f"message {number}")
    return charges


def codes(charges):
    return ["-".join((line.code, *line.modifiers)) + f" x{line.units}" for line in charges.lines]


def told(charges):
    return [remark.text for remark in charges.remarks]


def wrong(charges):
    return [(problem.field, problem.value, problem.place) for problem in charges.problems]


# A charge.


def test_a_charge_is_a_line_with_modifiers_units_days_and_performer():
    charge = ft1(_10="2.00", _20="7^TESTER^ALEX", _26="LT~59")
    charges = charged([charge])
    assert charges.lines == (LineDraft("12345", ("LT", "59"), "2", ()),)
    assert (charges.days, charges.performers) == (("2026-01-12",), ["ALEX TESTER"])
    assert charges.places == {
        "service_lines": "message 1, segment 2 (FT1)",
        "date_of_service": "message 1, segment 2 (FT1)",
    }
    assert (charges.problems, charges.remarks) == ([], [])


@pytest.mark.parametrize(
    ("sent", "modifiers"),
    [
        ("LT^59", ("LT", "59")),
        ("LT^59^extra", ("LT", "59")),
        ("LT^Left side^L", ("LT",)),
        ("LT~^59", ("LT", "59")),
        ("", ()),
    ],
)
def test_modifiers_are_repetitions_or_components_where_a_sender_wrote_them_so(sent, modifiers):
    [line] = charged([ft1(_26=sent)]).lines
    assert line.modifiers == modifiers


@pytest.mark.parametrize(
    "system", ["C4", "C5", "CPT", "CPT-4", "CPT4", "HCPCS", "HCPC", "HPC", "HCP"]
)
def test_the_systems_of_procedures_are_known_by_many_names(system):
    assert codes(charged([ft1(f"12345^^{system}")])) == ["12345 x1"]
    assert codes(charged([ft1(f"HOUSE^^L^12345^^{system}")])) == ["12345 x1"]


def test_the_procedure_counts_before_the_transaction_and_the_transaction_where_it_has_none():
    assert codes(charged([ft1("12345^^C4", _7="99999^^C4")])) == ["12345 x1"]
    assert codes(charged([ft1("", _7="99999^^C4")])) == ["99999 x1"]
    assert codes(charged([ft1("HOUSE^^L", _7="99999^^C4")])) == ["99999 x1"]


def test_a_procedure_under_no_system_is_taken_and_one_under_another_is_a_problem():
    assert codes(charged([ft1("12345")])) == ["12345 x1"]
    charges = charged([ft1("12345^^HOUSE")])
    assert (codes(charges), wrong(charges)) == (
        [],
        [("service_lines", "12345", "message 1, segment 2 (FT1)")],
    )
    assert charges.problems[0].text == (
        "The charge is for 12345 under the system HOUSE."
        " Mark CPT codes C4 and HCPCS codes HCPCS, or leave the charge out."
    )


def test_a_transaction_code_without_a_system_is_a_problem_if_it_may_be_a_procedure():
    charges = charged([ft1("", _7="12345")])
    assert "The charge is for 12345 under no system." in charges.problems[0].text
    charges = charged([ft1("", _7="CAST")])
    assert (charges.problems, told(charges)) == ([], ["Left out: charge CAST: no procedure code."])
    charges = charged([ft1("", _7="12345^^HOUSE")])
    assert told(charges) == ["Left out: charge 12345: no procedure code."]


def test_a_charge_without_any_code_is_told():
    assert told(charged([ft1("")])) == ["Left out: charge without any code: no procedure code."]


# Days.


@pytest.mark.parametrize(
    ("sent", "days"),
    [
        ("20260112", ("2026-01-12",)),
        ("20260112083000-0500", ("2026-01-12",)),
        ("20260112^20260114", ("2026-01-12", "2026-01-14")),
        ("20260112^20260112", ("2026-01-12",)),
        ("20260112^D", ("2026-01-12",)),
        ("", ()),
    ],
)
def test_a_service_of_several_days_tells_its_first_and_its_last(sent, days):
    assert charged([ft1(_4=sent)]).days == days


def test_the_days_of_all_charges_are_told_each_once():
    charges = charged([ft1(), ft1("23456^^C4", _4="20260113"), ft1("34567^^C4")])
    assert charges.days == ("2026-01-12", "2026-01-13")


# Other transactions.


@pytest.mark.parametrize("kind", ["PY", "AJ", "CO", "py"])
def test_money_is_no_charge(kind):
    charges = charged([ft1(_6=kind)])
    assert (codes(charges), wrong(charges)) == ([], [])
    assert told(charges) == [f"Left out: transaction of the kind {kind.upper()}."]


def test_a_kind_that_nobody_knows_is_a_problem_only_where_a_procedure_is_named():
    charges = charged([ft1(_6="ZZ")])
    assert wrong(charges) == [("service_lines", "ZZ", "message 1, segment 2 (FT1)")]
    assert "The kind of the transaction (FT1-6), ZZ, is none" in charges.problems[0].text
    assert wrong(charged([ft1("", _6="ZZ", _7="CAST")])) != []
    # Where the code stands one field early, its kind is the procedure.
    assert wrong(charged([ft1("", _6="12345")])) == [
        ("service_lines", "12345", "message 1, segment 2 (FT1)")
    ]
    charges = charged([ft1("", _6="ZZ")])
    assert (wrong(charges), told(charges)) == ([], ["Left out: transaction of the kind ZZ."])


def test_a_transaction_without_a_kind_is_a_charge():
    assert codes(charged([ft1(_6="")])) == ["12345 x1"]


# Credits.


def test_a_credit_takes_a_whole_charge_back_where_it_tells_no_units():
    charges = charged([ft1(_10="3"), ft1("23456^^C4")], [ft1(_6="CR", _10="")])
    assert (codes(charges), charges.taken_back) == (["23456 x1"], 1)


@pytest.mark.parametrize(
    ("units", "left"), [("1", ["12345 x2"]), ("2", ["12345 x1"]), ("3", []), ("-2", ["12345 x1"])]
)
def test_a_credit_takes_as_many_units_as_it_tells(units, left):
    charges = charged([ft1(_10="3")], [ft1(_6="CD", _10=units)])
    assert (codes(charges), charges.problems, charges.taken_back) == (left, [], 1)


def test_a_credit_of_more_units_goes_on_with_the_next_charge_of_its_kind():
    two = [ft1(_2="T1", _10="2"), ft1(_2="T2", _10="2")]
    charges = charged(two, [ft1(_6="CR", _10="3")])
    assert (codes(charges), charges.problems, charges.taken_back) == (["12345 x1"], [], 2)
    charges = charged(two, [ft1(_6="CR", _10="5")])
    assert codes(charges) == []
    assert charges.problems[0].text == (
        "This credit takes back more units than were charged before it."
        " Correct it, or send the other charges."
    )


def test_a_charge_of_fewer_than_no_units_is_a_credit():
    charges = charged([ft1(_10="2")], [ft1(_10="-2")])
    assert (codes(charges), charges.taken_back, charges.problems) == ([], 1, [])
    # Nothing is no credit.
    assert codes(charged([ft1(_10="0")])) == ["12345 x0"]


@pytest.mark.parametrize(
    "credit",
    [
        ft1("23456^^C4", _6="CR"),
        ft1(_6="CR", _26="LT"),
        ft1(_6="CR", _4="20260113"),
    ],
    ids=["code", "modifiers", "day"],
)
def test_a_credit_is_for_a_charge_of_its_code_modifiers_and_day(credit):
    charges = charged([ft1()], [credit])
    assert codes(charges) == ["12345 x1"]
    assert charges.problems[0].text == (
        "This credit takes back a charge that does not stand before it."
        " Send the charge too, or leave both out."
    )


def test_a_credit_goes_by_the_number_of_its_transaction_first():
    charges = charged([ft1(_2="T1")], [ft1("99999^^C4", _2="T1", _6="CR", _4="20260120")])
    assert (codes(charges), charges.problems) == ([], [])


def test_a_charge_that_tells_no_units_is_one():
    charges = charged([ft1(_10="")], [ft1(_6="CR", _10="1")])
    assert (codes(charges), charges.problems) == ([], [])
    charges = charged([ft1(_10="")], [ft1(_6="CR", _10="2")])
    assert wrong(charges) == [("service_lines", "12345", "message 2, segment 2 (FT1)")]


def test_what_was_taken_back_is_not_done_again_by_its_procedure():
    charges = charged([pr1("12345^^C4"), ft1()], [ft1(_6="CR")])
    assert (charges.lines, charges.days) == ((), ())


# Sent twice.


def test_the_same_transaction_in_another_message_is_charged_once():
    charges = charged([ft1(_2="T1")], [ft1(_2="T1")])
    assert codes(charges) == ["12345 x1"]
    assert told(charges) == ["Left out: 12345, which message 1 sent already."]


def test_the_same_charge_under_another_number_is_taken_and_told():
    charges = charged([ft1(_2="T1", _26="LT")], [ft1(_2="T2", _26="LT")])
    assert codes(charges) == ["12345-LT x1", "12345-LT x1"]
    assert told(charges) == [
        "12345-LT was sent by message 1 too, under another transaction number. Both were taken."
    ]


def test_two_equal_charges_within_a_message_are_two():
    charges = charged([ft1(_2="T1"), ft1(_2="T1")])
    assert (codes(charges), told(charges)) == (["12345 x1", "12345 x1"], [])


def test_another_charge_under_the_number_of_a_transaction_is_taken_and_told():
    charges = charged([ft1(_2="T1")], [ft1("23456^^C4", _2="T1")])
    assert codes(charges) == ["12345 x1", "23456 x1"]
    assert told(charges) == [
        "23456 has the transaction number of 12345 in message 1. Both were taken."
    ]
    # Without a number nothing is compared.
    assert told(charged([ft1()], [ft1("23456^^C4")])) == []


def test_a_visit_of_too_many_charges_is_told_once_and_reads_no_more(monkeypatch):
    monkeypatch.setattr("coding.intake.hl7.charges.MOST_CHARGES", 2)
    three = [ft1(f"1234{number}^^C4") for number in range(3)]
    assert charged(three[:2]).problems == []
    charges = charged(three, three)
    assert codes(charges) == ["12340 x1", "12341 x1"]
    [problem] = charges.problems
    assert problem.text == (
        "More than 1,000 services are charged under the number of this visit."
        " Send each visit under a number of its own."
    )
    done = [pr1(f"1234{number}^^C4") for number in range(3)]
    assert len(charged(done).problems) == 1


# Procedures.


def test_what_was_done_counts_where_nothing_is_charged():
    charges = charged([pr1("12345^^C4", _16="LT")])
    assert codes(charges) == ["12345-LT x"]
    assert (charges.days, charges.not_charged) == (("2026-01-12",), [])
    assert charges.places["service_lines"] == "message 1, segment 2 (PR1)"


def test_what_was_done_and_is_not_charged_is_told_once():
    charges = charged([pr1("23456^^C4"), pr1("12345"), ft1()], [pr1("23456^^C4", _5="20260113")])
    assert codes(charges) == ["12345 x1"]
    assert [remark.text for remark in charges.not_charged] == [
        "Left out: procedure 23456, which nothing charges."
    ]


def test_a_procedure_under_another_system_or_without_a_code_is_told():
    charges = charged([pr1("0SSB04Z^x^I10P"), pr1("", _4="Closed reduction"), pr1("^Cast")])
    assert charges.lines == ()
    assert told(charges) == [
        "Left out: procedure 0SSB04Z under the system I10P.",
        "Left out: procedure without a code: Closed reduction.",
        "Left out: procedure without a code: Cast.",
    ]


def test_a_procedure_may_be_coded_beside_its_words_or_without_a_system():
    charges = charged([pr1("^Cast^^12345^^C4"), pr1("23456", _4="Cast")])
    assert (codes(charges), told(charges)) == (["12345 x", "23456 x"], [])


# Diagnoses.


@pytest.mark.parametrize(
    "code", ["Q65.02^^I10", "Q6502^^ICD-10-CM", "Q65.02^^10", "Q65.02", "HIP^^L^Q65.02^^I10"]
)
def test_a_diagnosis_is_taken_under_any_name_of_its_system(code):
    charges = charged([dg1(code)])
    assert (charges.diagnoses, charges.problems, charges.remarks) == (("Q65.02",), [], [])
    assert charges.places == {"diagnoses": "message 1, segment 2 (DG1)"}


def test_before_hl7_2_4_the_system_stands_in_a_field_of_its_own():
    charges = charged([dg1("754.30", _2="I9")])
    assert charges.diagnoses == ()
    assert wrong(charges) == [("diagnoses", "754.30", "message 1, segment 2 (DG1)")]
    assert charges.problems[0].text == (
        "The code is of I9, which is ICD-9. Send ICD-10-CM codes, marked I10."
    )


def test_diagnoses_stand_by_their_rank_then_what_was_found_then_what_was_supposed():
    charges = charged(
        [
            dg1("A00^^I10", _6="A"),
            dg1("W00^^I10", _6="W"),
            dg1("F00^^I10", _6="F"),
            dg1("B00^^I10", _15="2"),
            dg1("C00^^I10", _15="1"),
            dg1("D00^^I10", _15="0"),
        ]
    )
    assert charges.diagnoses == ("C00", "B00", "F00", "D00", "W00", "A00")


def test_a_diagnosis_that_comes_twice_has_its_better_rank():
    charges = charged(
        [dg1("A00^^I10", _15="3"), dg1("B00^^I10", _15="2"), dg1("A00^^I10", _15="1")]
    )
    assert charges.diagnoses == ("A00", "B00")


def test_a_diagnosis_that_its_source_deletes_is_none():
    charges = charged([dg1("A00^^I10"), dg1("B00^^I10")], [dg1("A00^^I10", _21="d")])
    assert charges.diagnoses == ("B00",)
    assert told(charges) == ["Left out: diagnosis A00, which its source deleted."]


def test_a_diagnosis_under_another_system_or_without_a_code_is_told():
    charges = charged(
        [dg1("X1^^LOCAL"), dg1("^Hip pain"), dg1("", _4="Knee pain"), dg1("X2^^ICD10P")]
    )
    assert charges.diagnoses == ()
    assert told(charges) == [
        "Left out: diagnosis X1 under the system LOCAL.",
        "Left out: diagnosis without a code: Hip pain.",
        "Left out: diagnosis without a code: Knee pain.",
        "Left out: diagnosis X2 under the system ICD10P.",
    ]


def test_a_charge_points_to_its_own_diagnoses_by_their_place_in_the_list():
    charges = charged(
        [dg1("B00^^I10", _15="2"), dg1("A00^^I10", _15="1"), ft1(_19="B00^^I10~A00^^I10~B00^^I10")]
    )
    assert charges.diagnoses == ("A00", "B00")
    assert charges.lines[0].diagnosis_pointers == ("2", "1")


def test_a_diagnosis_that_only_a_charge_names_is_one_of_the_list():
    charges = charged([dg1("A00^^I10"), ft1(_19="B00^Pain^I10~^Hip pain")])
    assert (charges.diagnoses, charges.lines[0].diagnosis_pointers) == (("A00", "B00"), ("2",))
    assert told(charges) == ["Left out: diagnosis without a code: Hip pain."]
