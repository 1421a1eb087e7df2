"""Invented names of people, drawn by number: the same number gives the same name."""

GIVEN = (
    *("Amara", "Ben", "Carys", "Dev", "Elin", "Farid", "Grace", "Hugo", "Isla", "Jonah", "Keira", "Leo"),
    *("Mina", "Noor", "Owen", "Priya", "Quentin", "Rosa", "Sami", "Tess", "Uma", "Vikram", "Willa", "Yusuf"),
    *(
        "Zara",
        "Callum",
        "Dilys",
        "Ewan",
        "Freya",
        "Gareth",
        "Hana",
        "Idris",
        "Jess",
        "Kofi",
        "Lucia",
        "Marek",
    ),
    *("Nadia", "Oscar", "Petra", "Rafe", "Sunita", "Theo", "Una", "Victor", "Wanda", "Xanthe", "Yara"),
)
FAMILY = (
    *("Abbott", "Barlow", "Castle", "Dunmore", "Elwood", "Farrow", "Garside", "Hale", "Ingram", "Jarvis"),
    *("Kersey", "Lomax", "Marsh", "Naylor", "Oakes", "Pryce", "Quill", "Rowe", "Sefton", "Thorne", "Upton"),
    *("Vance", "Wragg", "Yardley", "Adeyemi", "Bhatt", "Chowdhury", "Danso", "Eze", "Ferreira", "Gill"),
    *("Hussain", "Iqbal", "Jankowski", "Kaur", "Lindqvist", "Mensah", "Novak", "Okoro", "Patel", "Rahman"),
    *("Silva", "Tran", "Varga", "Whitlock", "Ashdown", "Birch", "Coombe", "Dale", "Eastham", "Frost"),
    *("Gough", "Hollis"),
)


def full_name(number: int) -> str:
    """A name for this number; the first 2,491 numbers (47 times 53) give different names."""
    return f"{GIVEN[number % len(GIVEN)]} {FAMILY[number % len(FAMILY)]}"


def initials(name: str) -> str:
    """The first letters of a name's parts."""
    return "".join(part[0] for part in name.split())
