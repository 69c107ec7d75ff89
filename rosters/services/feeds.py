"""Calendar feeds that are handed out: their address, its end, the alarm, and what is kept of a fetch."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from directory import queries as directory
from directory.access import COORDINATOR
from integrations import clock
from rosters.errors import FormRefused, NotKnown, NotYours
from rosters.feeds import tokens
from rosters.feeds.reading import in_scope
from rosters.models import Feed, FeedText

ALARMS = (15, 30, 60, 24 * 60)  # minutes before a duty
NOTED_EVERY = timedelta(minutes=10)


def address_of(feed: Feed) -> str:
    """The secret address, made anew each time it is shown."""
    token = tokens.token_of(feed.pk, feed.kind, feed.object_id, feed.holder_id, feed.revoked)
    return f"{settings.PUBLIC_URL}/agenda/{token}.ics"


@transaction.atomic
def hand_out_feed(*, kind: str, object_id: int, holder_id: int) -> Feed:
    """The feed of a person, desk or region for `holder_id`; the same one when he has it already.

    A person's feed is for himself and for who keeps his roster; the others are for coordinators of that region.
    Raises NotYours, NotKnown.
    """
    if kind == Feed.Kind.PERSON:
        if not directory.may_act_for(holder_id, object_id):
            raise NotYours("feed_not_yours", _("You do not keep the roster of this person."))
    elif not in_scope(kind, object_id, _coordinates(holder_id)):
        raise NotYours("feed_not_yours", _("This desk or region is outside your region."))
    return Feed.objects.get_or_create(kind=kind, object_id=object_id, holder_id=holder_id)[0]


@transaction.atomic
def hand_out_own_feeds(*, person_ids: Iterable[int]) -> dict[int, str]:
    """The address of each person's own feed, in two statements; for set-up and the demo."""
    wanted = set(person_ids)
    fresh = [Feed(kind=Feed.Kind.PERSON, object_id=one, holder_id=one) for one in sorted(wanted)]
    Feed.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    own = Feed.objects.filter(kind=Feed.Kind.PERSON, holder_id=F("object_id"))
    return {feed.holder_id: address_of(feed) for feed in own if feed.holder_id in wanted}


@transaction.atomic
def revoke_feed(*, feed_id: int, holder_id: int) -> Feed:
    """End the address that was handed out; the feed has another one from now on. Raises NotKnown."""
    feed = _hold(feed_id, holder_id)
    feed.revoked += 1
    feed.fetched_at, feed.fetched_by = None, ""
    feed.save(update_fields=["revoked", "fetched_at", "fetched_by"])
    FeedText.objects.filter(feed=feed).delete()
    return feed


@transaction.atomic
def set_feed_alarm(*, feed_id: int, holder_id: int, minutes: int | None) -> Feed:
    """Warn so many minutes before each duty; None: not. Raises NotKnown, FormRefused."""
    if minutes is not None and minutes not in ALARMS:
        raise FormRefused("alarm_unknown", _("Choose one of the moments in the list."), field="alarm")
    feed = _hold(feed_id, holder_id)
    feed.alarm_minutes = minutes
    feed.save(update_fields=["alarm_minutes"])
    return feed


@transaction.atomic
def set_feed_invitations(*, feed_id: int, holder_id: int, wanted: bool) -> Feed:
    """Mail duties that are made from now on as invitations too. Raises NotKnown, NotYours for another's feed."""
    feed = _hold(feed_id, holder_id)
    if feed.kind != Feed.Kind.PERSON or feed.object_id != holder_id:
        raise NotYours("invitations_not_yours", _("Only the person who does the duties chooses invitations."))
    feed.invites_since = (feed.invites_since or clock.now()) if wanted else None
    feed.save(update_fields=["invites_since"])
    return feed


def note_fetch(*, feed_id: int, client: str, last: datetime | None) -> bool:
    """Keep who fetched it, at most once in ten minutes; `last` is when it was noted before. Returns whether it was."""
    now = clock.now()
    if last is not None and last > now - NOTED_EVERY:
        return False
    old = Q(fetched_at__isnull=True) | Q(fetched_at__lte=now - NOTED_EVERY)
    return bool(Feed.objects.filter(old, pk=feed_id).update(fetched_at=now, fetched_by=client))


def keep_text(*, feed_id: int, revision: str, body: bytes) -> None:
    """What was written for this revision takes the place of what was kept before, in one statement."""
    FeedText.objects.bulk_create(
        [FeedText(feed_id=feed_id, revision=revision, body=body, written_at=clock.now())],
        update_conflicts=True,
        unique_fields=["feed"],
        update_fields=["revision", "body", "written_at"],
    )


def _coordinates(person_id: int) -> list[int | None]:
    return [role.region_id for role in directory.roles_of(person_id) if role.role == COORDINATOR]


def _hold(feed_id: int, holder_id: int) -> Feed:
    feed = Feed.objects.select_for_update().filter(pk=feed_id, holder_id=holder_id).first()
    if feed is None:
        raise NotKnown("feed_unknown", _("This calendar address is gone. Load the page again."))
    return feed
