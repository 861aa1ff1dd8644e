"""The pages under /problems: what each kind of problem means, for people and for programs."""

from dataclasses import asdict

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from blogsite.api.error_pages import JSON, preferred_type
from blogsite.api.problem_types import PROBLEM_TYPES
from blogsite.api.problems import problem_url, read_only

ALL = "Problems"
Page = dict[str, object]


def as_json(name: str) -> Page:
    return {"type": problem_url(name), **asdict(PROBLEM_TYPES[name])}


@csrf_exempt  # a POST gets our 405, not a page about cookies
@read_only
def index(request: HttpRequest) -> HttpResponse:
    problems = [as_json(name) for name in PROBLEM_TYPES]
    return answer(request, "blogsite/problems.html", {"problems": problems}, {"title": ALL})


@csrf_exempt
@read_only
def show(request: HttpRequest, name: str) -> HttpResponse:
    if name not in PROBLEM_TYPES:
        raise Http404
    return answer(request, "blogsite/problem.html", as_json(name), {})


def answer(request: HttpRequest, template: str, content: Page, more: Page) -> HttpResponse:
    """Return JSON to programs that ask for it, and a page to everybody else."""
    response = JsonResponse(content) if preferred_type(request) == JSON else render(request, template, content | more)
    patch_vary_headers(response, ["Accept"])
    return response
