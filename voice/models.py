"""Django looks here for the app's models; each lives in the package of its topic."""

from voice.heard.models import Done, View

__all__ = ["Done", "View"]
