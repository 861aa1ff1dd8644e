from django.apps import AppConfig

from blogs.signals import generation_requested


class ByTheBookConfig(AppConfig):
    name = "blogsite.benchmarks.by_the_book"

    def ready(self) -> None:
        from blogsite.benchmarks.by_the_book.receivers import enqueue_task
        from generation.receivers import enqueue_generation

        generation_requested.disconnect(enqueue_generation)
        generation_requested.connect(enqueue_task)
