"""What happens to a real hub, process by process, when something in it is killed, stopped, filled up or lies.

No part of the product: it lives beside it, starts it as a person would and takes away from outside. See docs/reference/faults.md.
"""
