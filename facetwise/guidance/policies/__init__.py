"""The published policies of the library, one file each."""
