from importer.report.titles import title_of


def test_a_known_code_has_a_sentence_and_an_unknown_one_its_own_words():
    assert title_of("bad_date") == "The date cannot be read"
    assert title_of("odd_new_code") == "Odd new code"
    assert title_of("") == "Without a code"


def test_what_the_portal_requires_and_lacks_is_said_in_words():
    assert title_of("required_by_portal") == "The portal requires a field that the row does not fill"
    assert title_of("unknown_company") == "The portal has no such company"
    assert title_of("not_through_door") == "It cannot be deleted the way we are connected"
