"""One patient: the record and its JSON, FHIR in and out."""
