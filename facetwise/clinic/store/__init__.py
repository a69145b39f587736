"""The clinic's database: patients, settings, and the trail of every change."""
