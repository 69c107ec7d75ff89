"""What a calendar program gets: the text kept for this revision, or one that is written now and kept.

Nothing of a call waits for it: it is written in the request of the program that asks, outside any transaction.
"""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from directory import queries as directory
from integrations import plain_sql
from rosters import snapshot
from rosters.feeds import writing
from rosters.feeds.reading import Found
from rosters.models import Feed
from rosters.services.feeds import keep_text

_KEPT = "SELECT body FROM rosters_feedtext WHERE feed_id = %s AND revision = %s"


def body_of(found: Found) -> bytes:
    """The calendar; one statement when nothing changed."""
    kept = plain_sql.row(_KEPT, [found.id, found.revision])
    if kept is not None:
        return bytes(kept[0])
    body = writing.text_of(found, _name_of(found))
    keep_text(feed_id=found.id, revision=found.revision, body=body)
    return body


def _name_of(found: Found) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        if found.kind == Feed.Kind.PERSON and found.object_id == found.holder_id:
            return _("My duties at Piketlijn")
        return _("Duties %(whose)s") % {"whose": whose(found.kind, found.object_id)}


def whose(kind: str, object_id: int) -> str:
    """The name of the person, desk or region of a feed; '' for what is gone."""
    if kind == Feed.Kind.PERSON:
        contact = directory.contacts([object_id]).get(object_id)
        return contact.name if contact else ""
    if kind == Feed.Kind.DESK:
        return next((desk.name for desk in snapshot.current().desks if desk.id == object_id), "")
    region = directory.set_up().region_by_id.get(object_id)
    return region.name if region else ""
