"""Modules that every generated package carries as they are here: no schema decides what is in them."""
