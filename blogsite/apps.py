from django.apps import AppConfig


class BlogsiteConfig(AppConfig):
    name = "blogsite"

    def ready(self) -> None:
        from blogsite import checks  # noqa: F401
