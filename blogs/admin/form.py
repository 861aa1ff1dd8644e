"""The form of a post in the admin: it never overwrites a change that the editor has not seen."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import normalize_newlines

from accounts.models import User
from accounts.refusals import Refusal
from accounts.registration import require_may_request
from blogs.models import BlogPost, Revision
from blogs.models.visible import INVISIBLE_BRIEF, NO_VISIBLE_TITLE, has_visible, is_invisible_brief
from blogs.options import CHOICES, has_model_choice, model_choices

TEXTS = ("title", "content")
REQUESTING = {"brief", "model", *CHOICES}  # a change of these requests a generation
# Submitted as the editor saw them, so that a field left alone does not undo another person's change.
SEEN = ("brief", *CHOICES, "model", "owner")

OWN_TEXT = "Your own text, in Markdown: it is kept word for word. Leave it empty to have one written from the brief."
BRIEF_CONFLICT = (
    "The brief was changed while you were editing. It now reads: “%(live)s” Nothing was saved. Copy what you need, "
    "then save again to replace it with yours."
)
TEXT_CONFLICT = (
    "A newer text went live while you were editing (revision %(live)s; you started from %(seen)s). Nothing was saved. "
    "Compare the two and choose one."
)
TEXT_TOO_LONG = "A text has at most {most:,} characters; this one has {length:,}."


class PlainTextField(forms.CharField):
    """Text with its whitespace kept; the line endings that browsers submit are not a change."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"required": False, "strip": False})

    def to_python(self, value: Any) -> str:
        return normalize_newlines(super().to_python(value) or "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.to_python(initial), data)


class PostForm(forms.ModelForm):
    """Carries the revision that the editor saw.

    If another one is live by the time of saving, the form stays open and shows both texts. A button says which one is
    to be live: `_keep` or `_take`, with the number of the revision that the editor has seen by then.
    """

    seen_revision = forms.IntegerField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}), required=False)
    model = forms.ChoiceField(required=False, help_text="Changing it regenerates the post.")
    user: User  # who fills it in
    refusal: Refusal | None = None  # of the request that saving it made
    conflict: Revision | None = None  # what is live, when the editor has to choose

    class Meta:
        field_classes: ClassVar = {"content": PlainTextField, "brief": PlainTextField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_revision"].initial = self.instance.revision
        if not self.instance.pk:
            self.fields["content"].help_text = OWN_TEXT
        if has_model_choice(self.instance.model):
            choice: Any = self.fields["model"]
            choice.choices = model_choices(self.instance.model)
        else:
            del self.fields["model"]
        for name in self.fields.keys() & set(SEEN if self.instance.pk else ()):
            self.fields[name].show_hidden_initial = True

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if title != self.instance.title and not has_visible(title):
            raise ValidationError(NO_VISIBLE_TITLE)
        return title

    def clean_content(self) -> str:
        """Reject a text that is too long, unless it is the live one: it was longer before there was a limit."""
        content: str = self.cleaned_data["content"]
        if "content" in self.changed_data and len(content) > settings.TEXT_MAX:
            raise ValidationError(TEXT_TOO_LONG.format(most=settings.TEXT_MAX, length=len(content)))
        return content

    def clean_brief(self) -> str:
        """Reject the first attempt to replace a brief that the editor has not seen; the next save goes through."""
        brief: str = self.cleaned_data["brief"]
        if brief != self.instance.brief and is_invisible_brief(brief):
            raise ValidationError(INVISIBLE_BRIEF)
        shown = self.add_initial_prefix("brief")
        seen, live = map(self.fields["brief"].to_python, (self.data.get(shown), self.instance.brief))
        if not self.instance.pk or brief in (live, seen) or live == seen:
            return brief
        data: Any = self.data
        self.data = data = data.copy()
        data[shown] = live
        raise ValidationError(BRIEF_CONFLICT, params={"live": live})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.check_user()
        post, seen = self.instance, cleaned.get("seen_revision")
        if not post.pk or not set(TEXTS) & set(self.changed_data) or seen == post.revision:
            return cleaned
        if self.chose("_take") or self.is_untouched(cleaned, seen):
            return cleaned | {"title": post.title, "content": post.content}
        if not self.chose("_keep"):
            self.conflict = post.revisions.filter(number=post.revision).select_related("author").first()
            raise ValidationError(
                TEXT_CONFLICT, params={"live": post.revision, "seen": "none" if seen is None else seen}
            )
        return cleaned

    def check_user(self) -> None:
        """Reject a brief by somebody who may not request posts: the form stays open, with what was typed."""
        if self.refusal:
            raise ValidationError(str(self.refusal))
        if self.instance.pk and not REQUESTING & set(self.changed_data):
            return
        try:
            require_may_request(self.user)
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from refusal

    def chose(self, button: str) -> bool:
        """Whether an editor who saw what is live now pressed this button."""
        return str(self.data.get(button)) == str(self.instance.revision)

    def is_untouched(self, cleaned: dict[str, Any], seen: int | None) -> bool:
        """Whether the form still holds the text that it was opened with."""
        return text_of(self.instance, seen) == tuple(cleaned.get(name) for name in TEXTS)


def text_of(post: BlogPost, number: int | None) -> tuple[str, str] | None:
    """Return the title and text of a revision; 0 stands for a post that has no text yet."""
    if number == 0:
        return post.brief_title, ""
    revision = post.revisions.filter(number=number or 0).first()
    return (revision.title, revision.content) if revision else None
