"""The counting definitions of the library, one file each."""
