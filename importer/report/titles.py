"""What the codes of problems mean in a line each, for people who never saw the code.

The sentence beside a row says what is wrong with that row; a title says what its group has in common. A code
that is not listed here is shown by its own words, so that a new one never breaks or hides anything.
"""

from __future__ import annotations

_TITLES = {
    # the file itself
    "ragged_row": "The record has more or fewer cells than the header",
    "unclosed_quote": "A quotation mark is opened and never closed",
    "bad_encoding": "Some characters cannot be read in the file's encoding",
    "cell_too_long": "A cell is longer than any real value",
    "maybe_total": "The row looks like the total of those above it",
    "merged_cell": "The cell is merged with others and shows nothing in this row",
    "formula_error": "The spreadsheet holds a formula error such as #N/A",
    "formula_without_value": "A formula was saved without its result",
    "number_as_exponent": "A long number was turned into 7.9E+10 by a spreadsheet",
    "digits_lost": "A long number was rounded by a spreadsheet",
    "zeros_lost": "Leading zeros were lost in a spreadsheet",
    "decimal_code": "A code became a decimal number, ending in .0",
    "mojibake": "The text was read in the wrong encoding before it came here",
    "date_as_number": "A date was turned into a number by a spreadsheet",
    "date_maybe_swapped": "Day and month may be swapped",
    "stray_quote": "A quotation mark stands alone inside a quoted cell",
    # the values
    "bad_date": "The date cannot be read",
    "odd_date": "The date is an unlikely one, it was sent as written",
    "no_date": "A placeholder stands where a date should be, nothing was sent for it",
    "bad_number": "The number cannot be read",
    "odd_number": "The number may be too large for its field, it was sent as written",
    "rounded_number": "The number has more decimals than its field keeps, it was rounded",
    "bad_money": "The amount cannot be read",
    "bad_yes_no": "Neither yes nor no",
    "bad_phone": "The phone number has no digits",
    "odd_phone": "The phone number is not a valid one, it was sent as written",
    "bad_email": "The e-mail address has a wrong form",
    "odd_email": "The e-mail address is an unusual one, it was sent as written",
    "odd_url": "The web address is an unusual one, it was sent as written",
    "bad_address": "The address holds a sign that the portal uses to separate its parts",
    "address_reference": "The address reads like a reference that the portal would replace",
    "bad_id": "Not an id of the portal",
    "bad_crm_link": "Not a link to a CRM record",
    "unknown_list_item": "The portal's list has no such item",
    "id_or_text": "The text is the id of one entry and may mean another, the id was taken",
    "unknown_status": "The portal's directory has no such entry",
    "unknown_user": "The portal has no such user",
    "ambiguous_user": "Several users of the portal fit",
    "inactive_user": "The user is dismissed in the portal",
    "unknown_company": "The portal has no such company",
    "ambiguous_company": "Several companies of the portal have that title",
    "id_or_origin": "The number is the id of one company and another's id in the source, the id was taken",
    "long_title": "The company's title is longer than the portal keeps",
    "not_in_map": "The mapping does not say what becomes of this value",
    "slow_pattern": "A pattern of the mapping takes too long on this value",
    "required": "A value that the mapping requires is missing",
    "no_name": "Neither first nor last name: the portal refuses such a contact",
    "origin_too_long": "The row's identity is longer than the portal keeps",
    "no_origin": "The cells that identify the row are empty",
    "html_in_text": "The portal removes HTML tags from this text",
    "required_by_portal": "The portal requires a field that the row does not fill",
    "file_missing": "The file that the row names is not there",
    "file_outside": "The file that the row names lies outside the folder",
    "file_empty": "The file that the row names is empty",
    "file_kind": "The file that the row names is no image",
    "file_too_big": "The file that the row names is larger than what is sent",
    "file_unreadable": "The file that the row names cannot be read",
    # one row and the others
    "duplicate_origin": "Another row of the file has the same identity",
    "duplicate_phone": "Another row of the file has the same phone, by which rows are matched",
    "duplicate_email": "Another row of the file has the same e-mail, by which rows are matched",
    "same_contact": "Another row of the file is the same contact",
    "other_record": "The contact found is another record of the same source",
    "many_matches": "Several contacts of the portal fit",
    # already there
    "exists": "The contact is already in the portal",
    "unchanged": "Nothing differs from what the portal holds",
    "contact_gone": "The contact was deleted in the portal meanwhile",
    # taking back
    "changed_since": "People have changed the contact since the run",
    "changed_later": "A later run has changed the contact",
    "gone": "It is not in the portal any more",
    "as_before": "It is already as it was before the run",
    "not_restored": "Something of the contact could not be given back",
    "requisite_kept": "The requisite with the address stays",
    "not_through_door": "It cannot be deleted the way we are connected",
    "taken_back": "Not sent before the run was taken back",
    # the portal's answer
    "company_refused": "The portal refused the company the row needs",
    "list_item_refused": "The list entry that the row needs could not be added",
    "too_many_new_items": "More new entries than a list would have",
    "address_refused": "The contact is there, its address was refused",
    "portal_refused": "The portal refused the contact",
    "portal_fails": "The portal fails whenever it is sent this contact",
    "not_sent": "Not sent yet, because the run stopped before",
    "answer_lost": "The portal's answer is missing: the contact may or may not be there",
    "no_reason": "Rejected without a stated reason",
}


def title_of(code: str) -> str:
    """A line that says what the code means; the code's own words when it is not a known one."""
    return _TITLES.get(code) or (code.replace("_", " ").strip().capitalize() or "Without a code")
