from importer.report.titles import title_of


def test_a_known_code_has_a_sentence_and_an_unknown_one_its_own_words():
    assert title_of("bad_date") == "The date cannot be read"
    assert title_of("odd_new_code") == "Odd new code"
    assert title_of("") == "Without a code"
