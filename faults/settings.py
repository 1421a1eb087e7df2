"""The hub's own settings, with the suite's app beside the hub's: it makes the clocks of alerts run in seconds."""

from hesley_hub import settings as product

globals().update({name: getattr(product, name) for name in dir(product) if name.isupper()})
INSTALLED_APPS = [*product.INSTALLED_APPS, "faults"]
