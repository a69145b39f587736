"""Charts of one patient, drawn as SVG."""
