"""The lengths and languages a post can be requested in, as prompts, checks and messages name them."""

from __future__ import annotations

WORDS = {"short": 350, "standard": 800, "long": 1500}
# Languages without spaces are measured in characters, of which two say about as much as a word.
CHARACTERS_A_WORD = 2
LANGUAGES = {
    "auto": "the language of the title", "en": "English", "de": "German", "fr": "French", "es": "Spanish",
    "it": "Italian", "pt": "Portuguese", "nl": "Dutch", "sv": "Swedish", "da": "Danish", "nb": "Norwegian (Bokmål)",
    "fi": "Finnish", "pl": "Polish", "cs": "Czech", "uk": "Ukrainian", "tr": "Turkish", "el": "Greek",
    "id": "Indonesian", "ja": "Japanese", "ko": "Korean", "zh": "Chinese (simplified)",
}  # fmt: skip
