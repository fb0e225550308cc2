"""Bytes that are no UTF-8 are read as Windows-1252 where they look like it, and a person is shown the letters."""

import pytest

from coding.tables.windows_1252 import decoded, words

FRENCH = "Fièvre élevée chez l'enfant, 38° - maïs"


@pytest.mark.parametrize(
    "text", ["the patient’s hip – “out”", FRENCH, "Müller, Ibáñez, Straße", "15 µg, ½ dose…"]
)
def test_text_of_windows_is_read(text):
    assert decoded(text.encode("cp1252")) == text


@pytest.mark.parametrize("other", ["cp437", "cp850", "mac_roman"])
@pytest.mark.parametrize("text", [FRENCH, "Müller, Ibáñez"])
def test_text_of_dos_and_of_an_old_macintosh_is_not_taken_for_it(text, other):
    assert decoded(text.encode(other)) is None


def test_what_is_packed_or_compiled_is_no_text():
    assert decoded(b"7z\xbc\xaf'\x1c") is None


def test_words_with_other_letters_are_shown_once_and_not_all():
    assert words(["a fièvre", "the fièvre of Müller"]) == ["fièvre", "Müller"]
    assert len(words(f"é{number}" for number in range(20))) == 5
