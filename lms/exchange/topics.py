"""Topics by their titles, as people write them, and by their ids, as a bank knows them; questions by ids of their own. Pure."""

from collections.abc import Container, Iterable

from lms import text


class Topics:
    """Gives each title an id: that of the topic which is known by it, else one made of its words."""

    def __init__(self, known: Iterable[tuple[str, str]] = ()) -> None:
        self.titles = dict(known)
        self.ids: dict[str, str] = {}
        for id, title in known:
            self.ids.setdefault(title, id)

    @property
    def known(self) -> tuple[tuple[str, str], ...]:
        """(id, title) of all, those that were written first."""
        return tuple(self.titles.items())

    def id(self, title: str) -> str:
        """The id of a title; empty for none."""
        if not title or title in self.ids:
            return self.ids.get(title, "")
        folded = text.slug(title)
        found = next((id for id, known in self.titles.items() if folded in (id, text.slug(known))), "") or folded[
            :40
        ].strip("-")
        self.ids[title] = found or "chu-de"
        self.titles.setdefault(self.ids[title], title)
        return self.ids[title]


class Names:
    """Gives each question an id of its own: the one that it brings, when it is free, else the next of q01, q02, …"""

    def __init__(self, taken: Container[str] = ()) -> None:
        self.taken, self.given, self.number = taken, set[str](), 0

    def free(self, wanted: str) -> str:
        """The id to use for the one that is wanted."""
        while not wanted or wanted in self.taken or wanted in self.given:
            self.number += 1
            wanted = f"q{self.number:02}"
        self.given.add(wanted)
        return wanted
