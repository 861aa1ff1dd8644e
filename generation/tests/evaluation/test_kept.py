"""What a reader kept, by who wrote it."""

from generation.evaluation.kept import Kept, kept_by_source
from generation.evaluation.labels import LabelledPost, PostLabels
from generation.evaluation.post import Post


def test_shares_are_of_the_posts_and_of_the_sentences_of_each_source() -> None:
    post = Post("Boats", "", "Boats float. Boats sink.")
    posts = [LabelledPost(name, source, post.sentences, post) for name, source in (("a", "x"), ("b", "x"), ("c", "y"))]
    reading = {
        "a": PostLabels(("keep", "false"), True),
        "b": PostLabels(("filler", "false"), False),
        "c": PostLabels(("stray", "keep"), True),
    }
    assert kept_by_source(posts, reading) == {
        "x": Kept(2, 0.5, 4, {"keep": 0.25, "filler": 0.25, "false": 0.5, "stray": 0}),
        "y": Kept(1, 1, 2, {"keep": 0.5, "filler": 0, "false": 0, "stray": 0.5}),
    }
