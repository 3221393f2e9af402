"""What counts how much, and why. Scores of words are BM25 times these; the others are added as they stand."""

NAME = 6.0
"""A reader who types a word of a name wants the place of that name, however often others mention it."""

OTHER_NAME = 5.0
"""As good as a name, but the official one wins when two places claim a word."""

ABOUT = 2.5
"""Summary, tags and district: what a listing is about."""

BODY = 1.0
"""Everything else it mentions."""

FIELDS = {"name": NAME, "other": OTHER_NAME, "about": ABOUT, "body": BODY}

SYNONYM_FIELDS = {"name": 2.5, "other": 2.1, "about": 1.75, "body": 0.7}
"""Another word for what was typed: behind the word itself, before mere mentions of it. In a name it counts less than it
would on its own, for there it may mean something else: a family's mansion is not what families look for."""

SYNONYM_TOO = 0.25
"""Of each other word for the same that is there besides the best: what uses several of them is about the matter, what
has one of them may only mention it or mean something else."""

OWN_LANGUAGE = 2.0
"""A match in the reader's language beats the same match in another one, but not a name against a mention."""

STORY = 0.7
"""Events, itineraries and guides name the places they lead to. Who types a place's words wants the place; who types the
words of a guide finds no place that has them in its name."""

ADVICE = 1.2
"""Who asks how or when wants a guide or an itinerary rather than a place that has the words."""

ALL_WORDS = 60.0
"""Among results of some of the words, more than one rare word in a name: those of all the words come first."""

EXACT_NAME = 1000.0
"""More than words can add up to: who types a whole name gets that place first."""

IN_DISTRICT = 300.0
"""Who names a district wants what is there, however well other words fit elsewhere; only a whole name says more."""

NAME_END = 12.0
"""The last words of a name, whole: `great theatre` for the Tianjin Great Theatre; about two words of a name."""

NAME_BEGINNING = 6.0
"""A name that goes on from what was typed, or one of its words does: less than its words typed out."""

PINYIN = 3.0
"""Little, so that Latin words that happen to begin a pinyin name stay behind real matches."""

PINYIN_WHOLE = 6.0
"""A name typed to its end is less likely to be chance."""

PINYIN_LONG = 40.0
"""As long as that it is no accident: `du le si` is the temple, though every French text has all three words."""

BOOKABLE = 0.5
"""Between two that fit alike, the one that can be booked here; less than any word."""

OPEN_NOW = 0.5
"""Between two that fit alike, the one that is open."""

NEARBY = {1_000.0: 4.0, 3_000.0: 3.0, 10_000.0: 2.0, 30_000.0: 1.0}
"""By metres, each added: a place around the corner gains a word of its summary, not one of its name."""

NEAR_ASKED = {500.0 * 2**step: 15.0 for step in range(8)}
"""The same when the text asks for what is near to a place: half as far gains as much as a word of a summary, so that
what is around the corner comes first of all that is meant, and a mere mention there does not."""

SOUND = 10.0
"""Chinese characters that sound like a name, when nothing is written that way: wrong ones of an input method."""

SOUND_LONG = 40.0
"""Three characters and more that sound so are no accident."""

CLOSE_NAME = 20.0
"""A whole name with a character or two wrong, in any script."""

CLOSE_SPELLING = {0: 4.0, 1: 2.0, 2: 1.0}
"""By the number of wrong letters in a word, when nothing matches as typed."""

CLOSE_FIELDS = {"name_words": 2.0, "tag_words": 1.0, "about_words": 0.7}
"""A misspelt word of a name rather than one of a tag or a summary, which many listings share."""

COMPLETION_START = 8.0
"""The name in the reader's language begins with what was typed."""

COMPLETION_OWN = 4.0
"""A later word of the name in the reader's language does, or another name of the same place."""

COMPLETION_PINYIN = 2.0
"""Its pinyin or initials do; before other languages, as an input method may not be at hand."""

COMPLETION_ANY = 1.0
"""The name in another language does."""


def nearby(*, asked: bool) -> dict[float, float]:
    """Return what it gains to lie within so many metres, each added."""
    return NEAR_ASKED if asked else NEARBY
