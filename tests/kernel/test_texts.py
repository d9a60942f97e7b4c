import pytest

from belvedere.kernel.texts import text_in


@pytest.mark.parametrize(
    ("texts", "language", "said"),
    [
        ({"fr": "Pont", "de": "Brücke"}, "de", "Brücke"),
        ({"fr": "Pont", "de": "Brücke"}, "en", "Pont"),
        ({"fr": "Pont", "de": ""}, "de", "Pont"),
        ({"fr": "", "de": "Brücke"}, "en", "Brücke"),
        ({"fr": ""}, "fr", ""),
        ({}, "fr", ""),
    ],
)
def test_a_text_is_in_the_language_asked_or_the_first_that_says_something(
    texts: dict[str, str], language: str, said: str
) -> None:
    assert text_in(texts, language) == said
