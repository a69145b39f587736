"""Patient information as data: sentences that each carry atoms of the sources, composed for a stage and a patient."""
