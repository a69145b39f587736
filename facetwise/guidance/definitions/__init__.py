"""The library's counting definitions, one file each."""
