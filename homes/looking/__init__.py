"""The record of looking: who saw whose record, when, in which post; sealed so that nobody can change it unseen."""
