"""Raw rows to spells: values parsed, faulty rows set aside, rows without a code only counted."""
