"""Names of marks, units, currencies and rulers, for ``narration.spoken_forms``."""

from __future__ import annotations

import re

from narration.word_lists import word_set

NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
IS_NUMBER = re.compile(rf"^[-−+]?[$£€]?{NUMBER}$")

CURRENCIES = {
    "$": ("dollar", "dollars"),
    "US$": ("U.S. dollar", "U.S. dollars"),
    "A$": ("Australian dollar", "Australian dollars"),
    "AU$": ("Australian dollar", "Australian dollars"),
    "C$": ("Canadian dollar", "Canadian dollars"),
    "CA$": ("Canadian dollar", "Canadian dollars"),
    "NZ$": ("New Zealand dollar", "New Zealand dollars"),
    "HK$": ("Hong Kong dollar", "Hong Kong dollars"),
    "S$": ("Singapore dollar", "Singapore dollars"),
    "R$": ("Brazilian real", "Brazilian reals"),
    "£": ("pound", "pounds"),
    "€": ("euro", "euros"),
    "¥": ("yen", "yen"),
    "₹": ("rupee", "rupees"),
    "₩": ("won", "won"),
    "₽": ("ruble", "rubles"),
    "₿": ("bitcoin", "bitcoins"),
    "₺": ("lira", "lira"),
    "₴": ("hryvnia", "hryvnias"),
    "₫": ("dong", "dong"),
    "₪": ("shekel", "shekels"),
    "₱": ("peso", "pesos"),
    "₦": ("naira", "naira"),
}
CENTS = {"dollar": ("cent", "cents"), "euro": ("cent", "cents"), "pound": ("penny", "pence")}
SIGNS = "|".join(re.escape(sign) for sign in sorted(CURRENCIES, key=len, reverse=True))
BIG = {"k": "thousand", "m": "million", "b": "billion", "bn": "billion", "t": "trillion", "tn": "trillion"}
BIG_WORDS = {"hundred", "thousand", "million", "billion", "trillion", "lakh", "crore"}
INDIAN = {"lakh", "crore"}  # the voice does not know these as parts of a number

UNITS = {
    "m": ("meter", "meters"), "km": ("kilometer", "kilometers"), "cm": ("centimeter", "centimeters"),
    "mm": ("millimeter", "millimeters"), "kg": ("kilogram", "kilograms"), "g": ("gram", "grams"),
    "mg": ("milligram", "milligrams"), "l": ("liter", "liters"), "L": ("liter", "liters"),
    "ml": ("milliliter", "milliliters"), "ft": ("foot", "feet"), "in": ("inch", "inches"), "mi": ("mile", "miles"),
    "yd": ("yard", "yards"), "lb": ("pound", "pounds"), "lbs": ("pound", "pounds"), "oz": ("ounce", "ounces"),
    "s": ("second", "seconds"), "h": ("hour", "hours"), "hr": ("hour", "hours"), "min": ("minute", "minutes"),
    "W": ("watt", "watts"), "kW": ("kilowatt", "kilowatts"), "V": ("volt", "volts"), "A": ("amp", "amps"),
    "Hz": ("hertz", "hertz"), "km/h": ("kilometer per hour", "kilometers per hour"),
    "m/s": ("meter per second", "meters per second"), "mph": ("mile per hour", "miles per hour"),
    "m²": ("square meter", "square meters"), "m2": ("square meter", "square meters"),
    "km²": ("square kilometer", "square kilometers"), "km2": ("square kilometer", "square kilometers"),
    "m³": ("cubic meter", "cubic meters"), "cm³": ("cubic centimeter", "cubic centimeters"),
}  # fmt: skip
SAFE_ALONE = {"m", "g", "l", "L", "W", "V", "m/s", "m²", "m2", "km²", "km2", "m³", "cm³"}
UNIT_NAMES = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
WINDS = {"N": "north", "S": "south", "E": "east", "W": "west"}
SCALES = {"C": "Celsius", "F": "Fahrenheit", "": ""}

MARKS = {
    "≠": "is not equal to", "≤": "is at most", "≥": "is at least", "≈": "is about", "≡": "is identical to",
    "∞": "infinity", "×": "times", "÷": "divided by", "→": "to", "⇒": "therefore", "√": "square root of",
    "±": "plus or minus",
    "−": "minus", "∑": "sum of", "∈": "in", "№": "Number", "‰": "per mille", "%": "percent", "&": "and", "=": "equals",
    "°": "degrees", "°C": "degrees Celsius", "°F": "degrees Fahrenheit", "℃": "degrees Celsius",
    "℉": "degrees Fahrenheit",
}  # fmt: skip
MARKS_INSIDE = {mark: said for mark, said in MARKS.items() if len(mark) == 1 and mark not in "%&=°−‰№℃℉±"}
LANGUAGES = {"c#": "C sharp", "f#": "F sharp", "c++": "C plus plus", "j#": "J sharp", "g++": "G plus plus"}
ELEMENTS = word_set("H He Li C N O F Na Mg Al Si P S Cl K Ca Fe Cu Zn Ag I Au Hg Pb U")
FORMULA = re.compile(r"^(?:[A-Z][a-z]?\d{0,2}){2,}$")

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
SPAN_END = re.compile(r"^(?:\d{1,2}:\d{2}|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?)$")
ROMAN = re.compile(r"^(?=[IVX])(X{0,2})(IX|IV|V?I{0,3})$")
ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty-first",
    "twenty-second",
    "twenty-third",
    "twenty-fourth",
    "twenty-fifth",
    "twenty-sixth",
    "twenty-seventh",
    "twenty-eighth",
    "twenty-ninth",
]
# After these, a Roman numeral is no ordinal of a ruler: the voice's own rules read it, or the word is no name.
COUNTED = word_set(
    "chapter part act scene section volume book phase article war mark type level stage class grade bowl apollo "
    "gemini trek fantasy episode round rocky wars title figure table appendix division group category tier model "
    "version and or the a an of in on at to for by with from is was are were as but if when while it he she we "
    "they you then so"
)


ROYAL = word_set(
    "elizabeth charles james george william henry edward richard louis philip napoleon nicholas alexander peter "
    "catherine francis leopold frederick wilhelm ptolemy darius xerxes seti thutmose amenhotep ramesses ramses "
    "psamtik necho cyrus constantine justinian leo pius paul gregory innocent clement urban benedict baldwin otto "
    "henri carlos juan felipe alfonso isabella mary haakon olav gustav christian mehmed murad selim suleiman"
)


OF_A_RULER = word_set("of was is the and ruled died reigned who had became in on as at by with from to won lost")
