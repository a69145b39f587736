"""What every page shares: layout, access, forms, security headers."""
