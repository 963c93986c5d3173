"""English spoken forms of marks, units, amounts, times and names with numbers, one written word at a time.

Each rule gets a word and its neighbours and returns the spoken form, so that every word keeps its position in the text.
Numbers stay digits where the voice reads them correctly.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hibari.g2p.normalize import ROMAN_CARDINAL, ROMAN_ORDINAL

from narration.spoken_form_tables import (
    BIG,
    BIG_WORDS,
    CENTS,
    COUNTED,
    CURRENCIES,
    ELEMENTS,
    FORMULA,
    INDIAN,
    IS_NUMBER,
    LANGUAGES,
    MARKS,
    MARKS_INSIDE,
    MONTHS,
    NUMBER,
    OF_A_RULER,
    ORDINALS,
    ROMAN,
    ROYAL,
    SAFE_ALONE,
    SCALES,
    SIGNS,
    SPAN_END,
    UNIT_NAMES,
    UNITS,
    WINDS,
)

# The last words of names such as "World War" and "John Paul".
_BEFORE_NUMERALS = {name.split()[-1] for name in [*ROMAN_CARDINAL, *ROMAN_ORDINAL]}

Rule = Callable[[str, str, str], str | None]
"""(word without the marks around it, word before, word after) to the spoken form; None if the rule does not apply."""


def _plural(number: str, words: tuple[str, str]) -> str:
    return words[0] if number.replace(",", "").lstrip("-") in ("1", "1.0", "1.00") else words[1]


def _counted(number: str, words: tuple[str, str], before: str, behind: str) -> str:
    """Return the plural as in "It turned 45 degrees", but the singular as in "a 45 degree turn"."""
    return words[0] if before.lower() in ("a", "an") and behind.isalpha() else _plural(number, words)


def _temperature(word: str, before: str, behind: str) -> str | None:
    if word in ("C", "F") and before == "°":
        return SCALES[word]
    if found := re.match(rf"^({NUMBER})(?:°|º|˚)([CF]?)$|^({NUMBER})([℃℉])$", word):
        number, scale = (found[1], found[2]) if found[1] else (found[3], {"℃": "C", "℉": "F"}[found[4]])
        return f"{number} {_counted(number, ('degree', 'degrees'), before, behind)} {SCALES[scale]}".strip()
    if found := re.match(rf"^({NUMBER})[-–]({NUMBER})°([CF]?)$", word):
        return f"{found[1]} to {found[2]} degrees {SCALES[found[3]]}".strip()
    return None


def _coordinate(word: str, before: str, behind: str) -> str | None:
    if found := re.match(rf"^({NUMBER})°([NSEW])$", word):
        return f"{found[1]} degrees {WINDS[found[2]]}"
    if word in WINDS and before.endswith("°"):
        return WINDS[word]
    if found := re.match(r"^(\d+)°(\d+)[′'](?:(\d+)[″\"])?([NSEW]?)$", word):
        said = f"{found[1]} degrees {found[2]} minutes" + (f" {found[3]} seconds" if found[3] else "")
        return f"{said} {WINDS.get(found[4], '')}".strip()
    return None


def _money(word: str, before: str, behind: str) -> str | None:
    if word in CURRENCIES and IS_NUMBER.match(_as_english(before)):
        return _plural(before, CURRENCIES[word])
    if found := re.match(rf"^({SIGNS})({NUMBER})/([A-Za-z]+)$", word):
        return f"{_amount(found[1], found[2])} per {UNITS.get(found[3], (found[3],))[0]}"
    if found := re.match(rf"^({SIGNS})({NUMBER})[-–]({SIGNS})?({NUMBER})$", word):
        if behind.lower() in BIG_WORDS:
            return f"{found[2]} to {found[4]}"
        return f"{found[2]} to {_amount(found[1], found[4])}"
    if found := re.match(rf"^({SIGNS})({NUMBER})([kKMBT]|bn|tn)?$", word):
        return _signed_amount(found[1], found[2], found[3], behind)
    return _money_behind(word, behind)


def _money_behind(word: str, behind: str) -> str | None:
    """Read an amount whose sign is after the number, as most of Europe writes it."""
    if found := re.match(rf"^((?:\d{{1,3}}(?:\.\d{{3}})+|\d+),\d{{2}}|{NUMBER})({SIGNS})$", word):
        return _amount(found[2], _as_english(found[1]))
    if behind in CURRENCIES and re.match(r"^\d{1,3}(?:\.\d{3})*,\d{1,2}$", word):
        return _as_english(word)
    return None


def _signed_amount(sign: str, number: str, size: str | None, behind: str) -> str | None:
    names = CURRENCIES[sign]
    if size:
        return f"{number} {BIG[size.lower()]} {names[1]}"
    if behind.lower().rstrip(".,;:!?") in BIG_WORDS:
        # The voice reads "$5 billion" correctly; for other currencies, the rule for the scale word appends the name.
        return number if sign not in "$£€¥₹₩" or behind.lower().rstrip(".,;:!?") in INDIAN else None
    # The voice knows these signs, but applies their name to a following number too.
    if sign in "$£€" and not (behind and re.match(rf"^[^\w]*(?:\d|{SIGNS}|$)", behind)):
        return None
    return _amount(sign, number)


def _amount(sign: str, number: str) -> str:
    one, many = CURRENCIES[sign]
    whole, _, part = number.partition(".")
    if len(part) == 2 and (cents := CENTS.get(one.rpartition(" ")[2])):
        count = str(int(part))
        said = f"{count} {_plural(count, cents)}"
        if int(part) == 0:
            return f"{whole} {_plural(whole, (one, many))}"
        return said if whole == "0" else f"{whole} {_plural(whole, (one, many))} and {said}"
    return f"{number} {_plural(number, (one, many))}"


def _as_english(number: str) -> str:
    """Convert ``1.234,56`` to ``1,234.56``; English numbers stay as they are."""
    if re.match(r"^\d{1,3}(?:\.\d{3})+(?:,\d+)?$|^\d+,\d{1,2}$", number):
        return number.translate(str.maketrans(".,", ",."))
    return number


def _big_of_another_currency(word: str, before: str, behind: str) -> str | None:
    found = re.match(rf"^({SIGNS}){NUMBER}([-–](?:{SIGNS})?{NUMBER})?$", before)
    if found and word.lower() in BIG_WORDS and (found[2] or word.lower() in INDIAN or found[1] not in "$£€¥₹₩"):
        return f"{word} {CURRENCIES[found[1]][1]}"
    return None


def _unit(word: str, before: str, behind: str) -> str | None:
    if found := re.match(rf"^({NUMBER})({UNIT_NAMES})$", word):
        if found[2] == "s" and (len(found[1]) == 4 or found[1].endswith("0")):
            return None  # the 1990s, the 90s
        if found[2] == "A":
            return None  # the bus 10A
        return f"{found[1]} {_plural(found[1], UNITS[found[2]])}"
    if word in SAFE_ALONE and re.match(rf"^[(]?{NUMBER}$", before):
        return _plural(before.strip("("), UNITS[word])
    if found := re.match(rf"^({NUMBER})[-–]({NUMBER})({UNIT_NAMES})$", word):
        return None if found[3] == "s" else f"{found[1]} to {found[2]} {UNITS[found[3]][1]}"
    return None


def _height(word: str, before: str, behind: str) -> str | None:
    if found := re.match(r"^(\d{1,3})['’′](\d{1,2}(?:\.\d+)?)(?:[\"”″]|'')?$", word):
        return f"{found[1]} {_plural(found[1], ('foot', 'feet'))} {found[2]}"
    if found := re.match(rf"^({NUMBER})″$", word):
        return f"{found[1]} {_counted(found[1], ('inch', 'inches'), before, behind)}"
    if found := re.match(rf"^({NUMBER})′$", word):
        return f"{found[1]} {_counted(found[1], ('foot', 'feet'), before, behind)}"
    return None


def _time_or_date(word: str, before: str, behind: str) -> str | None:
    if found := re.match(r"^(\d{1,2}:\d{2})[-–—](\d{1,2}:\d{2})$", word):
        return f"{found[1]} to {found[2]}"
    if word in "-–—" and SPAN_END.match(before) and SPAN_END.match(behind):
        return "to"
    if word in "-–" and IS_NUMBER.match(before) and IS_NUMBER.match(behind) and _is_less(behind, before):
        return "minus"  # what rises is a span: "10 - 20 people", "1914 - 1918"
    if found := re.match(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$", word):
        day, month = int(found[1]), int(found[2])
        if month > 12 >= day:
            day, month = month, day
        if 1 <= month <= 12 and 1 <= day <= 31:
            return f"{MONTHS[month - 1]} {day}, {found[3]}"
    return _phone(word, behind)


def _is_less(one: str, other: str) -> bool:
    first, second = (re.sub(r"[^\d.]", "", number) for number in (one, other))
    return float(first) < float(second)


def _phone(word: str, behind: str) -> str | None:
    if re.match(r"^\(\d{3}\)$", word) and re.match(r"^\d{3}[-.]\d{4}", behind):
        return " ".join(word.strip("()")) + ","
    if found := re.match(r"^\((\d{3})\)(\d{3})[-.](\d{4})$", word):
        return ", ".join(" ".join(group) for group in found.groups())
    if found := re.match(r"^\+(\d{1,3})-(\d{3})-(\d{3})-(\d{4})$", word):
        return "plus " + ", ".join(" ".join(group) for group in found.groups())
    return None


def _ruler(word: str, before: str, behind: str) -> str | None:
    """Read a Roman numeral after a name: "Thutmose II", "Elizabeth II's"."""
    found = re.match(r"^([IVX]+)(['’]s)?$", word)
    if not found or not (roman := ROMAN.match(found[1])):
        return None
    number = (
        10 * len(roman[1])
        + {"": 0, "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9}[roman[2]]
    )
    is_name = len(before) > 2 and before[0].isupper() and before[1:].islower() and before.isalpha()
    # A single letter is more often an initial, or the word "I".
    if (
        not is_name
        or before.lower() in COUNTED
        or (len(found[1]) == 1 and not found[2] and not _is_royal(before, found[1], behind))
    ):
        # In lower case, the voice says the same, but not as the numeral of a king.
        return "i" if word == "I" and is_name and before in ROMAN_ORDINAL else None
    return f"the {ORDINALS[number - 1]}{found[2] or ''}"


def _is_royal(name: str, roman: str, behind: str) -> bool:
    if name.lower() not in ROYAL:
        return False
    # "Peter I went with" is no king: a sentence about a king goes on with other words.
    return roman in "VX" or not behind[:1].islower() or behind in OF_A_RULER


def _before_no_numeral(word: str, before: str, behind: str) -> str | None:
    """Change the case of "King" or "part" before words such as "Charles", which the voice would read as a numeral."""
    if word not in _BEFORE_NUMERALS or behind[:1] not in tuple("IVXLC"):
        return None
    if re.match(r"^[IVX]+(?:['’]s)?$|^[XL]{1,4}[IVX]*$", behind) and behind != "L":
        return None
    # In this case, the voice says the same, but looks for no numeral.
    return word.upper() if word.lower() in _BEFORE_NUMERALS else word.lower()


def _formula(word: str, before: str, behind: str) -> str | None:
    plain = word.translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789"))
    if not FORMULA.match(plain) or not any(char.isdigit() for char in plain):
        return None
    parts = re.findall(r"([A-Z][a-z]?)(\d*)", plain)
    if not all(symbol in ELEMENTS for symbol, _ in parts):
        return None
    return " ".join(" ".join([*symbol.upper(), count]).strip() for symbol, count in parts)


def _mark(word: str, before: str, behind: str) -> str | None:
    if word.lower() in LANGUAGES:
        return LANGUAGES[word.lower()]
    if word in MARKS:
        return MARKS[word] if word not in "&=%" else None
    if word[-1:] not in ".,;:!?" and re.match(rf"^−[$£€]?{NUMBER}", word):
        rest = word[1:]
        return f"minus {_temperature(rest, '', behind) or _money(rest, '', behind) or _unit(rest, '', behind) or rest}"
    if word[:1] in ("-", "+") and (said := _temperature(word[1:], before, behind)):
        return f"{'minus' if word[0] == '-' else 'plus'} {said}"
    return _mark_and_number(word)


def _mark_and_number(word: str) -> str | None:
    if found := re.match(rf"^({NUMBER})‰$", word):
        return f"{found[1]} per mille"
    if found := re.match(r"^№(\d+)$", word):
        return f"Number {found[1]}"
    if found := re.match(rf"^±({NUMBER}.*)$", word):
        return f"plus or minus {found[1]}"
    if found := re.match(rf"^({NUMBER})[-–]({NUMBER})%$", word):
        return f"{found[1]} to {found[2]}%"
    if found := re.match(r"^(\d+)[x×](\d+)$", word):
        return f"{found[1]} by {found[2]}"
    return _mark_inside(word)


def _mark_inside(word: str) -> str | None:
    if any(mark in word for mark in MARKS_INSIDE):
        return " ".join("".join(f" {MARKS_INSIDE[c]} " if c in MARKS_INSIDE else c for c in word).split())
    return None


_RULES: tuple[Rule, ...] = (
    _before_no_numeral, _temperature, _coordinate, _money, _big_of_another_currency, _height, _time_or_date, _unit,
    _ruler, _formula, _mark,
)  # fmt: skip

_LEADING = re.compile(r"^[\"'“‘\[]+")
_TRAILING = re.compile(r"[.,;:!?…\"'”’)\]]+$")


def spoken_form_of(word: str, before: str, behind: str) -> str | None:
    """Return the spoken form of ``word``, or None if the voice reads it correctly.

    Marks round the word stay. Of the neighbours (empty at the ends of a sentence) the marks do not count.
    """
    plain_before = _LEADING.sub("", before).rstrip(",;:!?)”\"'")
    plain_behind = _TRAILING.sub("", behind) or behind
    for lead, bare, ending in _without_marks(word):
        for rule in _RULES:
            said = rule(bare, plain_before, plain_behind)
            if said is not None:
                return lead + said + ending
    return None


def _without_marks(word: str) -> list[tuple[str, str, str]]:
    """Yield the word as written, then without the punctuation around it."""
    lead = match[0] if (match := re.match(r"^[\"'“‘(\[]+", word)) else ""
    ending = match[0] if (match := _TRAILING.search(word)) else ""
    tries = [("", word, "")]
    if ending[-1:] in ".,;:!?…":
        edge = len(ending) - len(ending.rstrip(".,;:!?…"))
        tries.append(("", word[:-edge], ending[-edge:]))
    if len(lead) + len(ending) < len(word):
        tries.append((lead, word[len(lead) : len(word) - len(ending)], ending))
    return tries
