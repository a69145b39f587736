"""Patient information: sentences with their sources, put together for a stage and a patient."""
