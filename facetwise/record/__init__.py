"""One patient: the record, its JSON, FHIR in and out."""
