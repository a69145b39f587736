"""Pages for clinicians, coordinators and administrators."""
