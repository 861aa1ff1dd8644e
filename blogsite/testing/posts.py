"""Posts that are requested as the API requests them, and texts for them as a worker's writer finishes them."""

from accounts.models import User
from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost
from generation.costs import Usage
from generation.queue.billing import Bill
from generation.queue.claim import Claim
from generation.queue.finished_text import FinishedText

MODEL = "gpt-4o-mini"
NOTES = "flour and water; patience; a hot oven"
PLANNING, DRAFTING = "Plan a blog post", "Write the blog post"  # in a large model's two calls for a post


def request_post(title: str = "Bread", notes: str = NOTES, *, owner: User | None = None, **options: str) -> BlogPost:
    """Return a new post whose text is requested.

    Args:
        title: of the brief, and of the post until a text lands.
        notes: of the brief.
        owner: who requests it; a new writer unless given.
        options: of `blogs.options.CHOICES`.
    """
    owner = owner or writer.make()
    post = BlogPost(owner=owner, title=title, brief=notes, **options)
    post.submit(requested_by=owner)
    return post


def fresh(post: BlogPost) -> BlogPost:
    """Return a post as it is now."""
    return BlogPost.objects.get(pk=post.pk)


def bill(usage: Usage | None = None) -> Bill:
    """Return the bill of an attempt at the priced model; by default nothing was spent."""
    return Bill("openai", MODEL, usage or Usage())


def finished_text(
    claim: Claim, title: str = "Bread", content: str = "The text.", usage: Usage | None = None
) -> FinishedText:
    """Return a text that passed the checks."""
    return FinishedText(
        claim=claim,
        title=title,
        content=content,
        bill=bill(usage),
        gate={"failed": []},
        prompt_version="test",
        provenance={},
    )
