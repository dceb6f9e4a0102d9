-- The three beds: inbox (feed, entry), ledger (document .. change), outbox (notice, message).
-- Times are microseconds since 1970 in UTC.

PRAGMA application_id = 0x6e65776d;           -- "newm": no other program's file

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- inbox -------------------------------------------------------------------------------------------

CREATE TABLE feed (
  url           TEXT PRIMARY KEY,
  title         TEXT NOT NULL DEFAULT '',
  language      TEXT NOT NULL DEFAULT '',
  etag          TEXT NOT NULL DEFAULT '',
  last_modified TEXT NOT NULL DEFAULT '',
  body_hash     TEXT NOT NULL DEFAULT '',
  baseline_done INTEGER NOT NULL DEFAULT 0,
  next_due      INTEGER DEFAULT 0,            -- NULL: no longer in the config
  not_before    INTEGER,                      -- the server's own wish
  pause         INTEGER NOT NULL DEFAULT 0,   -- the adaptive interval, seconds
  rhythm        TEXT NOT NULL DEFAULT '',     -- JSON of model.Rhythm
  address       TEXT NOT NULL DEFAULT '',     -- where it moved for good
  moved_to      TEXT NOT NULL DEFAULT '',     -- where the last answers pointed for good
  moves         INTEGER NOT NULL DEFAULT 0,   -- so many times in a row
  failures      INTEGER NOT NULL DEFAULT 0,   -- in a row
  failing_since INTEGER,
  problem       TEXT NOT NULL DEFAULT '',
  gone          INTEGER NOT NULL DEFAULT 0,   -- the server says for good (410)
  told          TEXT NOT NULL DEFAULT '',     -- what the operator was told last
  last_poll     INTEGER,
  last_new      INTEGER,
  left_out      INTEGER NOT NULL DEFAULT 0    -- entries of the last body that wait
) STRICT, WITHOUT ROWID;
CREATE INDEX feed_due ON feed (next_due);
CREATE INDEX feed_troubled ON feed (url)
 WHERE failing_since IS NOT NULL OR told <> '' OR address <> '';

CREATE TABLE entry (
  seq          INTEGER PRIMARY KEY,
  feed         TEXT NOT NULL,
  id           TEXT NOT NULL,
  url          TEXT NOT NULL,
  title        TEXT NOT NULL,
  summary      TEXT NOT NULL,
  content      TEXT NOT NULL,
  author       TEXT NOT NULL,
  published    INTEGER,
  own_page     INTEGER NOT NULL,              -- the link leads to this article alone
  first_seen   INTEGER NOT NULL,
  baseline     INTEGER NOT NULL,
  state        TEXT NOT NULL,                 -- waiting, judged, rejected
  attempts     INTEGER NOT NULL DEFAULT 0,
  next_try     INTEGER NOT NULL DEFAULT 0,
  reason       TEXT NOT NULL DEFAULT '',
  document     TEXT,
  content_hash TEXT NOT NULL,                 -- of what a reader sees
  revisions    INTEGER NOT NULL DEFAULT 0,    -- times it came back edited
  UNIQUE (feed, id)
) STRICT;
CREATE INDEX entry_waiting ON entry (seq, next_try) WHERE state = 'waiting';
CREATE INDEX entry_url ON entry (url);
CREATE INDEX entry_seen ON entry (first_seen);

CREATE TABLE entry_key (                      -- other names under which an entry may come back
  feed  TEXT NOT NULL,
  key   TEXT NOT NULL,
  entry INTEGER NOT NULL REFERENCES entry (seq) ON DELETE CASCADE,
  PRIMARY KEY (feed, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_key_entry ON entry_key (entry);

-- ledger ------------------------------------------------------------------------------------------

CREATE TABLE event (
  seq         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  title       TEXT NOT NULL,
  titled      INTEGER NOT NULL,
  language    TEXT NOT NULL,
  first_seen  INTEGER NOT NULL,
  last_seen   INTEGER NOT NULL,
  baseline    INTEGER NOT NULL,
  merged_into TEXT REFERENCES event (id),
  follows     TEXT REFERENCES event (id)
) STRICT;
CREATE INDEX event_last_seen ON event (last_seen);
CREATE INDEX event_merged ON event (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE document (
  seq        INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  url        TEXT NOT NULL,
  outlet     TEXT NOT NULL,
  language   TEXT NOT NULL,
  published  INTEGER NOT NULL,
  seen       INTEGER NOT NULL,
  agency     TEXT NOT NULL,
  source     TEXT NOT NULL,
  baseline   INTEGER NOT NULL,
  voice      TEXT NOT NULL,                   -- the independent source it speaks for
  verdict    TEXT NOT NULL,
  of         TEXT,                            -- the document it repeats
  event      TEXT NOT NULL REFERENCES event (id),
  title      TEXT NOT NULL,
  fresh      TEXT,                            -- JSON: spans that are new in a longer copy
  figured    INTEGER NOT NULL DEFAULT 0,      -- its figures were read
  arrived    INTEGER NOT NULL,                -- order of arrival; a new version arrives again
  why        TEXT NOT NULL,                   -- JSON: verdict and placement with their reasons
  text       TEXT NOT NULL                    -- last: what stands behind it is slow to reach
) STRICT;
CREATE UNIQUE INDEX document_arrived ON document (arrived);
CREATE INDEX document_event ON document (event, figured, arrived);
CREATE INDEX document_verdict ON document (verdict);
CREATE INDEX document_url ON document (url);
CREATE INDEX document_published ON document (published);
CREATE INDEX document_outlet ON document (outlet);

CREATE TABLE revision (                       -- what a document said before it was edited
  document INTEGER NOT NULL REFERENCES document (seq) ON DELETE CASCADE,
  number   INTEGER NOT NULL,                  -- from 1
  until    INTEGER NOT NULL,
  title    TEXT NOT NULL,
  text     TEXT NOT NULL,
  PRIMARY KEY (document, number)
) STRICT;

CREATE TABLE signature (
  document  INTEGER PRIMARY KEY REFERENCES document (seq) ON DELETE CASCADE,
  at        INTEGER NOT NULL,
  version   TEXT NOT NULL,
  exact     BLOB NOT NULL,
  shingles  BLOB NOT NULL
) STRICT;
CREATE INDEX signature_at ON signature (at);

CREATE TABLE posting (                        -- a signature's keys, for taking them out again:
  document INTEGER PRIMARY KEY                -- with them no two signatures fit on a page
           REFERENCES signature (document) ON DELETE CASCADE,
  bands    BLOB NOT NULL,                     -- int32
  anchors  BLOB NOT NULL                      -- int32
) STRICT;

CREATE TABLE band (
  key      INTEGER NOT NULL,
  document INTEGER NOT NULL,
  PRIMARY KEY (key, document)
) STRICT, WITHOUT ROWID;

CREATE TABLE anchor (
  key      INTEGER NOT NULL,
  document INTEGER NOT NULL,
  PRIMARY KEY (key, document)
) STRICT, WITHOUT ROWID;

CREATE TABLE sentence (                       -- to learn what is printed under many articles
  key      INTEGER NOT NULL,                  -- hash
  document INTEGER NOT NULL,                  -- the original; its copies teach nothing new
  PRIMARY KEY (key, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX sentence_document ON sentence (document);

-- Keys are as good as random: each goes to a page of its own in a large table. They are gathered in
-- a small one and moved together, in order.
CREATE TABLE fresh_band (
  key      INTEGER NOT NULL,
  document INTEGER NOT NULL,
  PRIMARY KEY (key, document)
) STRICT, WITHOUT ROWID;

CREATE TABLE fresh_anchor (
  key      INTEGER NOT NULL,
  document INTEGER NOT NULL,
  PRIMARY KEY (key, document)
) STRICT, WITHOUT ROWID;

CREATE TABLE fresh_sentence (
  key      INTEGER NOT NULL,
  document INTEGER NOT NULL,
  PRIMARY KEY (key, document)
) STRICT, WITHOUT ROWID;

CREATE TABLE live_event (                     -- the clusterer's memory
  seq      INTEGER PRIMARY KEY,               -- order of the last write
  event    TEXT NOT NULL UNIQUE,
  language TEXT NOT NULL,
  packed   BLOB NOT NULL
) STRICT;

CREATE TABLE recent_words (
  seq      INTEGER PRIMARY KEY,
  language TEXT NOT NULL,
  words    BLOB NOT NULL
) STRICT;
CREATE INDEX recent_words_language ON recent_words (language, seq);

CREATE TABLE figure_state (
  event TEXT PRIMARY KEY REFERENCES event (id),
  state TEXT NOT NULL                         -- JSON of model.FigureState
) STRICT, WITHOUT ROWID;

CREATE TABLE reading (
  seq      INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES document (seq) ON DELETE CASCADE,
  event    TEXT NOT NULL,                     -- as placed on arrival
  series   TEXT,
  grammar  TEXT NOT NULL,                     -- version of the extractor
  body     TEXT NOT NULL,                     -- JSON of model.Reading
  outcome  TEXT NOT NULL,
  reason   TEXT NOT NULL
) STRICT;
CREATE INDEX reading_document ON reading (document);
CREATE INDEX reading_series ON reading (series) WHERE series IS NOT NULL;

CREATE TABLE change (
  seq      INTEGER PRIMARY KEY,
  id       TEXT NOT NULL UNIQUE,
  kind     TEXT NOT NULL,
  event    TEXT NOT NULL REFERENCES event (id),
  series   TEXT,
  document TEXT NOT NULL,
  at       INTEGER NOT NULL,
  baseline INTEGER NOT NULL,                  -- found in a feed's first poll: never told
  body     TEXT NOT NULL                      -- JSON of model.Change
) STRICT;
CREATE INDEX change_event ON change (event, seq);
CREATE INDEX change_document ON change (document);
CREATE INDEX change_series ON change (series) WHERE series IS NOT NULL;

CREATE TABLE override (                       -- a person's corrections, in their order
  seq   INTEGER PRIMARY KEY,
  at    INTEGER NOT NULL,
  after INTEGER NOT NULL,                     -- arrival of the newest document then
  kind  TEXT NOT NULL,
  what  TEXT NOT NULL,                        -- JSON list; see beds.Override
  note  TEXT NOT NULL
) STRICT;

CREATE TABLE forgotten (                      -- taken out for good, and not to be read again
  url_hash BLOB PRIMARY KEY,
  at       INTEGER NOT NULL,
  note     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- outbox ------------------------------------------------------------------------------------------

CREATE TABLE hit (                            -- a watch's words stood in a document
  document INTEGER NOT NULL REFERENCES document (seq) ON DELETE CASCADE,
  watch    TEXT NOT NULL,
  event    TEXT NOT NULL,
  terms    TEXT NOT NULL,                     -- JSON list
  PRIMARY KEY (document, watch)
) STRICT, WITHOUT ROWID;
CREATE INDEX hit_event ON hit (event);

CREATE TABLE notice (                         -- a change that a target is to hear of, once
  seq     INTEGER PRIMARY KEY,
  target  TEXT NOT NULL,
  change  TEXT NOT NULL,
  kind    TEXT NOT NULL,
  event   TEXT NOT NULL,
  series  TEXT,
  watches TEXT NOT NULL,                      -- JSON list
  created INTEGER NOT NULL,
  state   TEXT NOT NULL,                      -- held, posted, skipped
  reason  TEXT NOT NULL,
  digest  TEXT NOT NULL DEFAULT '',           -- key of the digest that told it
  UNIQUE (target, change)
) STRICT;
CREATE INDEX notice_held ON notice (target, seq) WHERE state = 'held';
CREATE INDEX notice_event ON notice (event);

CREATE TABLE message (
  seq        INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  digest     TEXT NOT NULL,
  target     TEXT NOT NULL,
  recipient  TEXT NOT NULL,
  kind       TEXT NOT NULL,
  event      TEXT,
  body       TEXT NOT NULL,                   -- JSON of model.Message
  state      TEXT NOT NULL,                   -- waiting, sending, sent, unknown, dead, dropped
  attempts   INTEGER NOT NULL DEFAULT 0,
  created    INTEGER NOT NULL,
  next_try   INTEGER NOT NULL,
  lease      INTEGER,
  settled    INTEGER,
  problem    TEXT NOT NULL DEFAULT '',
  reported   INTEGER NOT NULL DEFAULT 0       -- a dead letter that another target was told of
) STRICT;
CREATE INDEX message_open ON message (next_try, seq) WHERE state IN ('waiting', 'unknown');
CREATE INDEX message_sending ON message (lease) WHERE state = 'sending';
CREATE INDEX message_target ON message (target, created);
CREATE INDEX message_event ON message (event);

CREATE TABLE told (                           -- what a digest told a target of an event
  target   TEXT NOT NULL,
  event    TEXT NOT NULL,
  digest   TEXT NOT NULL,
  at       INTEGER NOT NULL,
  sources  INTEGER NOT NULL,                  -- independent sources then
  PRIMARY KEY (target, event, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE told_figure (                    -- and of a figure: `change` is measured from the last
  target TEXT NOT NULL,
  series TEXT NOT NULL,
  digest TEXT NOT NULL,
  at     INTEGER NOT NULL,
  low    TEXT NOT NULL,
  high   TEXT NOT NULL,
  PRIMARY KEY (target, series, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE mute (
  what  TEXT PRIMARY KEY,
  until INTEGER NOT NULL,
  note  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- full text of the ledger; see store/matching.py, which asks new articles the same questions
CREATE VIRTUAL TABLE document_text USING fts5 (
  title, body, content = '', contentless_delete = 1,
  tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
);
