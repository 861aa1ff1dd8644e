"""Settings of the API schema (drf-spectacular)."""

from typing import Any


def description(version: str) -> dict[str, Any]:
    """Return the settings for this version of the service."""
    return {
        "TITLE": "Blogsite",
        "DESCRIPTION": "Writes blog posts in the background and never loses a word that a person wrote.",
        "VERSION": version,
        "SERVE_INCLUDE_SCHEMA": False,
        "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": True},
        # ReDoc's theme; see blogsite/templates/blogsite/redoc.html.
        "REDOC_UI_SETTINGS": {
            "typography": {"fontFamily": "system-ui, sans-serif", "headings": {"fontFamily": "system-ui, sans-serif"}}
        },
        "SWAGGER_UI_DIST": "SIDECAR",
        "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
        "REDOC_DIST": "SIDECAR",
        "OAS_VERSION": "3.1.0",
        "COMPONENT_SPLIT_REQUEST": True,
        "ENUM_NAME_OVERRIDES": {
            "PostStatus": "blogs.models.Status",
            "GenerationStatus": "generation.models.State",
            "WarningName": "generation.api.serializers.WARNING_NAMES",
        },
        "POSTPROCESSING_HOOKS": [
            "drf_spectacular.hooks.postprocess_schema_enums",
            "blogsite.api.schema.add_components",
        ],
    }
