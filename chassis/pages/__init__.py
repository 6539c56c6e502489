"""Pages for people: words and forms of German and English, templates, and the headers under which pages are sent."""

from chassis.pages.sending import PRIVATE, kept, language_of, style
from chassis.pages.showing import Pages, districts
from chassis.pages.wording import environment, words

__all__ = ["PRIVATE", "Pages", "districts", "environment", "kept", "language_of", "style", "words"]
