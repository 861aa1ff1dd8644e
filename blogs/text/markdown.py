"""A post as readers would see it: Markdown in, HTML out that is safe in a browser."""

from collections.abc import Collection, Sequence

import nh3
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML, RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from blogs.text.marked_markdown import put_marks
from blogs.text.marks import Mark, MarkKind, marked, spans

# What Markdown itself can express: no attribute that could style, name or run anything.
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
TAGS = set("h1 h2 h3 h4 h5 h6 p br hr strong em s code pre blockquote ul ol li a table thead tbody tr th td".split())
# What is put around marked sentences; a text cannot make any, as its own HTML is escaped.
MARKED_TAGS, MARKED_ATTRIBUTES = TAGS | {"mark"}, ATTRIBUTES | {"mark": {"title"}}
LENGTH_MOST, CELLS_MOST = 200_000, 100_000  # characters, cells of tables
MARKUP_MOST = 40_000  # characters that may be markup, and twice the lines: what takes long is not the words
MARKUP = "*_~[]!<`|\n\n"
TOO_LARGE = "Too large to be shown as Markdown: this is the text itself."
SCHEMES = {"http", "https", "mailto"}


def cells(text: str) -> int:
    """Return how many cells the tables of a text may have: every line below a wide one is filled up to its width."""
    if "|" not in text:
        return 0
    lines = text.splitlines()
    return len(lines) * max(line.count("|") + 1 for line in lines)


def is_too_large(text: str) -> bool:
    """Whether it could take seconds to show a text as Markdown."""
    return len(text) > LENGTH_MOST or cells(text) > CELLS_MOST or sum(map(text.count, MARKUP)) > MARKUP_MOST


def image_as_link(
    renderer: RendererProtocol, parts: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    """Link to an image instead of loading it: its server would learn who reads the post, and when."""
    address = str(parts[index].attrs.get("src", ""))
    children = parts[index].children or []
    words = renderer.renderInlineAsText(children, options, env) if isinstance(renderer, RendererHTML) else ""
    return f'<a href="{escape(address)}">Image: {escape(words or address)}</a>'


# Raw HTML is escaped.
markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
markdown.add_render_rule("image", image_as_link)


def render(text: str, marks: Collection[Mark] = ()) -> SafeString:
    """Return the Markdown `text` as HTML without scripts, styles, images, forms and unsafe addresses.

    The renderer already leaves out raw HTML and `javascript:`; the cleaner keeps what it knows and nothing else, so
    that a hole in either is closed by the other. A text that would take seconds is shown as it is.

    Args:
        marks: what is pointed out in it.
    """
    if is_too_large(text):
        return format_html("<p>{}</p><pre>{}</pre>", TOO_LARGE, marked(text, spans(text, marks)))
    env: EnvType = {}
    tokens = markdown.parse(text, env)
    if marks:
        put_marks(markdown, tokens, marks)
    html = nh3.clean(
        markdown.renderer.render(tokens, markdown.options, env),
        tags=MARKED_TAGS if marks else TAGS,
        attributes=MARKED_ATTRIBUTES if marks else ATTRIBUTES,
        allowed_classes={"mark": {kind.value for kind in MarkKind}},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(html)  # noqa: S308
