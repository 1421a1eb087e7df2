"""Farrington's outbreak detection as Noufaily et al made it flexible (2013, Stat Med 32:1206)."""
