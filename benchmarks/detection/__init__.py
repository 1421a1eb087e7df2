"""How early homes going wrong are found, at one rate of false alarms for all."""
