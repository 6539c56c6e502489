"""actors: who is active where.

Owns: actors (organisations, initiatives, facilities, authorities …) with contacts and opening hours, the dated relations
between them and to regions, and the history of every change.

Hears: nothing.

Says: actor_registered, actor_updated, actor_verified, actor_archived, actor_restored, relation_started, relation_ended;
to other city systems too, unless the record is not public. No message holds a contact.
"""
