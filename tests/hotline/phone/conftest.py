"""The town of the story tests, for what is asked of the telephone's own doors and documents."""

from tests.stories.conftest import no_errors, scene, shared_scene, two_lawyers

__all__ = ["no_errors", "scene", "shared_scene", "two_lawyers"]
