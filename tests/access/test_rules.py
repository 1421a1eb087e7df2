"""The table that auditors read says what the matrix checks."""

from hesley_hub.access.routes import ROUTES, Thing
from hesley_hub.access.rules import RULES, pictures_of
from hesley_hub.documents.pages import PAGES
from homes.roles import Picture
from tests.access.test_matrix import AT_HOME, KINDS


def test_the_pages_of_a_home_open_in_the_pictures_of_the_table() -> None:
    for thing, pictures in AT_HOME.items():
        assert {str(picture) for picture in pictures_of(thing)} == pictures, thing


def test_every_thing_of_the_matrix_stands_in_the_table_and_in_the_page() -> None:
    page = PAGES["access.md"]()
    for thing in (*AT_HOME, *KINDS):
        if thing is not Thing.VISIT:  # a visit opens with the visits of its home
            assert pictures_of(thing), thing
            assert f"## {thing.capitalize()}" in page
    assert all(f"| {name} |" in page for name in ROUTES)


def test_no_home_is_told_of_matters_or_concerns() -> None:
    assert Picture.PROVIDER not in pictures_of(Thing.MATTERS) | pictures_of(Thing.CONCERN)
    assert len({(rule.picture, rule.thing, rule.only) for rule in RULES}) == len(RULES)
