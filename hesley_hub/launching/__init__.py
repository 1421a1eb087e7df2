"""Starting the hub's own PostgreSQL and Valkey, and keeping the parts of a running hub alive.

`with services(data_dir, durable=False) as running:` is the door for tests and commands; see `services.py`.
"""

from hesley_hub.launching.services import Services, services

__all__ = ["Services", "services"]
