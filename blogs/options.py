"""Writing options: closed lists that go with a brief, not free text, so none can carry instructions to the model."""

from typing import Any

from django.conf import settings
from django.db import models


class Length(models.TextChoices):
    SHORT = "short", "Short (about 350 words)"
    STANDARD = "standard", "Standard (about 800 words)"
    LONG = "long", "Long (about 1500 words)"


class Tone(models.TextChoices):
    NEUTRAL = "neutral"
    FRIENDLY = "friendly"
    FORMAL = "formal"
    PLAYFUL = "playful"
    PERSUASIVE = "persuasive"


class Audience(models.TextChoices):
    GENERAL = "general"
    BEGINNERS = "beginners"
    PRACTITIONERS = "practitioners"
    EXPERTS = "experts"
    CHILDREN = "children"


class Language(models.TextChoices):
    """Language tags (BCP 47), and `auto`: the language of the title."""

    AUTO = "auto", "Same as the title"
    ENGLISH = "en", "English"
    GERMAN = "de", "German"
    FRENCH = "fr", "French"
    SPANISH = "es", "Spanish"
    ITALIAN = "it", "Italian"
    PORTUGUESE = "pt", "Portuguese"
    DUTCH = "nl", "Dutch"
    SWEDISH = "sv", "Swedish"
    DANISH = "da", "Danish"
    NORWEGIAN = "nb", "Norwegian"
    FINNISH = "fi", "Finnish"
    POLISH = "pl", "Polish"
    CZECH = "cs", "Czech"
    UKRAINIAN = "uk", "Ukrainian"
    TURKISH = "tr", "Turkish"
    GREEK = "el", "Greek"
    INDONESIAN = "id", "Indonesian"
    JAPANESE = "ja", "Japanese"
    KOREAN = "ko", "Korean"
    CHINESE = "zh", "Chinese"


CHOICES: dict[str, type[models.TextChoices]] = {
    "length": Length,
    "tone": Tone,
    "audience": Audience,
    "language": Language,
}
DEFAULTS = {"length": Length.STANDARD, "tone": Tone.NEUTRAL, "audience": Audience.GENERAL, "language": Language.AUTO}


def has_model_choice(chosen: str = "") -> bool:
    """Whether there is a model to choose, or a choice to take back."""
    return len(settings.MODELS) > 1 or bool(chosen)


def model_choices(chosen: str = "") -> list[tuple[str, str]]:
    """Return what a form may offer, with labels, the default first.

    Args:
        chosen: kept among them when it is offered no longer, so that saving a form does not change it.
    """
    default = ("", f"Default ({settings.OPENAI_MODEL})")
    gone = [(chosen, f"{chosen} (offered no longer)")] if chosen and chosen not in settings.MODELS else []
    return [default, *((model, model) for model in settings.MODELS), *gone]


def not_offered() -> str:
    """Return what to tell those who choose another model than is offered."""
    return f"Choose one of: {', '.join(settings.MODELS)}."


def option(name: str) -> Any:
    choices, default = CHOICES[name].choices, DEFAULTS[name].value
    return models.CharField(max_length=16, choices=choices, default=default, db_default=default)


class WritingOptions(models.Model):
    """Options of a post, of which each generation keeps a copy."""

    length = option("length")
    tone = option("tone")
    audience = option("audience")
    language = option("language")

    class Meta:
        abstract = True

    @property
    def options(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in CHOICES}
