"""Statements of `scale`. `h` is a hash of the row's number: attributes follow from it, so every run makes the same rows."""

STORY_TABLE = """
CREATE TEMP TABLE scale_story (n int PRIMARY KEY, category_id bigint, title text, description text, answer text, tokens text[])
ON COMMIT DROP"""

_HASH = "abs(('x' || substr(md5('{what}' || i), {place}, 7))::bit(28)::int)"


def _hash(what: str, place: int) -> str:
    return _HASH.format(what=what, place=place)


#: Older issues are closed (95 % resolved); of the newest fiftieth every state is there. Day numbers index scale_day.
ISSUES = f"""
WITH numbered AS (
    SELECT i, {_hash("issue", 1)} AS h, {_hash("issue", 8)} AS h2, {_hash("issue", 15)} AS h3,
        ((i - 1)::bigint * (%(days)s - 1) / %(issues)s)::int AS d0,
        i > %(issues)s - greatest(20, %(issues)s / 50) AS fresh
    FROM generate_series(1, %(issues)s) AS i
),
firm AS (
    SELECT e.id, e.township_id, e.search_tokens, row_number() OVER (ORDER BY e.credit_code) - 1 AS n,
        (SELECT min(p.cadre_id) FROM accounts_posting p WHERE p.township_id = e.township_id) AS cadre_id
    FROM orgs_enterprise e
),
placed AS (
    SELECT numbered.*, firm.id AS enterprise_id, firm.township_id, firm.cadre_id, firm.search_tokens AS firm_tokens,
        story.category_id, story.title, story.description, story.tokens, promise.promise_workdays AS promise,
        CASE WHEN h3 %% 10 < 6 THEN firm.township_id ELSE other.id END AS holder_id,
        CASE WHEN NOT fresh THEN 'closed'
            ELSE (ARRAY['registered', 'assigned', 'in_progress', 'answered', 'in_progress'])[1 + h3 %% 5] END AS state,
        least(d0 + h %% 2, %(days)s - 1) AS d_assign,
        least(d0 + h %% 2 + h2 %% 2, %(days)s - 1) AS d_accept,
        least(d0 + h %% 2 + h2 %% 2 + 1 + h3 %% 7, %(days)s - 1) AS d_report,
        least(d0 + h %% 2 + h2 %% 2 + 2 + h3 %% 7, %(days)s - 1) AS d_follow,
        least(d0 + h %% 2 + h2 %% 2 + 2 + h3 %% 7 + h %% 3, %(days)s - 1) AS d_close
    FROM numbered
    JOIN firm ON firm.n = h %% (SELECT count(*) FROM orgs_enterprise)
    JOIN scale_story story ON story.n = h2 %% (SELECT count(*) FROM scale_story)
    JOIN casework_category promise ON promise.id = story.category_id
    JOIN (SELECT id, row_number() OVER (ORDER BY code) - 1 AS n FROM orgs_unit
          WHERE kind IN ('department', 'workroom', 'agency')) AS other
        ON other.n = h3 %% (SELECT count(*) FROM orgs_unit WHERE kind IN ('department', 'workroom', 'agency'))
),
dated AS (
    SELECT placed.*, received.day AS received_on, assigned.day AS assigned_on, accepted.day AS accepted_on,
        reported.day AS answered_on, followed.day AS followed_up_on, closed.day AS closed_on,
        (SELECT day FROM scale_day WHERE n = least(d_assign + 1, %(days)s - 1)) AS accept_due_on,
        (SELECT day FROM scale_day WHERE n = least(d_assign + promise, %(days)s - 1)) AS due_on,
        (SELECT day FROM scale_day WHERE n = least(d_report + 1, %(days)s - 1)) AS follow_up_due_on
    FROM placed
    JOIN scale_day received ON received.n = d0 JOIN scale_day assigned ON assigned.n = d_assign
    JOIN scale_day accepted ON accepted.n = d_accept JOIN scale_day reported ON reported.n = d_report
    JOIN scale_day followed ON followed.n = d_follow JOIN scale_day closed ON closed.n = d_close
),
coded AS (
    SELECT dated.*, extract(year FROM received_on)::int AS year,
        lpad((row_number() OVER (PARTITION BY extract(year FROM received_on) ORDER BY i))::text, 6, '0') AS serial
    FROM dated
)
INSERT INTO casework_issue (uuid, code, title, description, category_id, township_id, enterprise_id, registered_by_id,
    source_kind, source_uuid, source_label, state, outcome, holder_id, version, received_on, promise_workdays,
    assigned_on, accept_due_on, accepted_on, due_on, due_is_provisional, answered_on, follow_up_due_on, followed_up_on,
    satisfaction, closed_on, workdays_to_close, redo_count, bounce_count, reopen_count, search_tokens)
SELECT md5('issue' || i)::uuid, 'YC-' || year || '-' || serial, title, description, category_id, township_id,
    enterprise_id, cadre_id, 'hand', NULL, '', state,
    CASE WHEN state <> 'closed' THEN '' WHEN h2 %% 100 < 95 THEN 'resolved' WHEN h2 %% 100 < 98 THEN 'explained'
        ELSE 'unresolved' END,
    CASE WHEN state <> 'registered' THEN holder_id END,
    CASE state WHEN 'closed' THEN 6 WHEN 'answered' THEN 4 WHEN 'in_progress' THEN 3 WHEN 'assigned' THEN 2 ELSE 1 END,
    received_on,
    CASE WHEN state <> 'registered' THEN promise END,
    CASE WHEN state <> 'registered' THEN assigned_on END,
    CASE WHEN state <> 'registered' THEN accept_due_on END,
    CASE WHEN state NOT IN ('registered', 'assigned') THEN accepted_on END,
    CASE WHEN state <> 'registered' THEN due_on END,
    false,
    CASE WHEN state IN ('answered', 'closed') THEN answered_on END,
    CASE WHEN state IN ('answered', 'closed') THEN follow_up_due_on END,
    CASE WHEN state = 'closed' THEN followed_up_on END,
    CASE WHEN state = 'closed' THEN (ARRAY['satisfied', 'satisfied', 'satisfied', 'basically'])[1 + h %% 4] ELSE '' END,
    CASE WHEN state = 'closed' THEN closed_on END,
    CASE WHEN state = 'closed' THEN d_close - d0 END,
    0, 0, 0,
    ARRAY['yc', year::text, serial] || tokens || firm_tokens
FROM coded ORDER BY i"""

NOTES = """
INSERT INTO casework_issuenote (issue_id, text)
SELECT i.id, s.answer FROM casework_issue i
JOIN (SELECT DISTINCT ON (title) title, answer FROM scale_story ORDER BY title, n) AS s USING (title)
WHERE i.state IN ('answered', 'closed') ORDER BY i.id"""

_EVENT = """
SELECT i.id, {seq}, '{action}', '{before}', {after}, {outcome}, {actor}, {unit}, {note},
    ({day} + time '{clock}') AT TIME ZONE 'Asia/Shanghai', ({day} + time '{clock}') AT TIME ZONE 'Asia/Shanghai', {data}
FROM who, casework_issue i {join} WHERE {where}"""


def _event(seq: int, action: str, before: str, after: str, day: str, clock: str, where: str, **other: str) -> str:
    values = {
        "outcome": "''",
        "actor": "who.staff_id",
        "unit": "i.holder_id",
        "note": "NULL::bigint",
        "join": "",
        "data": f"jsonb_build_object('{day.removeprefix('i.')}', {day})",
    }
    return _EVENT.format(
        seq=seq, action=action, before=before, after=f"'{after}'", day=day, clock=clock, where=where, **(values | other)
    )


_LATER = "i.state <> 'registered'"
_ACCEPTED = "i.state IN ('in_progress', 'answered', 'closed')"
_ANSWERED = "i.state IN ('answered', 'closed')"
_CLOSED = "i.state = 'closed'"
_HOLDER = "coalesce((SELECT min(g.user_id) FROM accounts_rolegrant g WHERE g.unit_id = i.holder_id), who.staff_id)"

EVENTS = f"""
WITH who AS (SELECT id AS staff_id FROM accounts_user WHERE username = 'staff')
INSERT INTO casework_issueevent (issue_id, seq, action, from_state, to_state, outcome, actor_id, unit_id, note_id,
    happened_at, recorded_at, data)
{
    " UNION ALL ".join(
        (
            _event(
                1,
                "register",
                "",
                "registered",
                "i.received_on",
                "09:10",
                "TRUE",
                actor="i.registered_by_id",
                unit="NULL::bigint",
            ),
            _event(2, "assign", "registered", "assigned", "i.assigned_on", "10:20", _LATER),
            _event(3, "accept", "assigned", "in_progress", "i.accepted_on", "11:30", _ACCEPTED, actor=_HOLDER),
            _event(
                4,
                "report",
                "in_progress",
                "answered",
                "i.answered_on",
                "14:40",
                _ANSWERED,
                actor=_HOLDER,
                note="note.id",
                join="JOIN casework_issuenote note ON note.issue_id = i.id",
            ),
            _event(
                5, "follow_up", "answered", "answered", "i.followed_up_on", "15:50", _CLOSED, actor="i.registered_by_id"
            ),
            _event(6, "close", "answered", "closed", "i.closed_on", "16:55", _CLOSED, outcome="i.outcome"),
        )
    )
}"""

#: Visits go by way of a temporary table, because their journals must be there first.
VISITS = {
    "rows": f"""
CREATE TEMP TABLE scale_visit ON COMMIT DROP AS
WITH numbered AS (
    SELECT i, {_hash("visit", 1)} AS h, {_hash("visit", 8)} AS h2,
        ((i - 1)::bigint * (%(days)s - 1) / %(visits)s)::int AS d0
    FROM generate_series(1, %(visits)s) AS i
),
firm AS (
    SELECT e.id, e.township_id, e.search_tokens, row_number() OVER (ORDER BY e.credit_code) - 1 AS n,
        (SELECT min(p.cadre_id) FROM accounts_posting p WHERE p.township_id = e.township_id) AS first_id,
        (SELECT max(p.cadre_id) FROM accounts_posting p WHERE p.township_id = e.township_id) AS last_id
    FROM orgs_enterprise e
)
SELECT i, h, h2, scale_day.day, firm.id AS enterprise_id, firm.township_id, firm.search_tokens,
    CASE WHEN h2 %% 2 = 0 THEN first_id ELSE last_id END AS cadre_id,
    extract(isoyear FROM scale_day.day)::int AS iso_year, extract(week FROM scale_day.day)::int AS iso_week
FROM numbered JOIN firm ON firm.n = h %% (SELECT count(*) FROM orgs_enterprise) JOIN scale_day ON scale_day.n = d0""",
    "insert": """
INSERT INTO visits_visit (id, cadre_id, journal_id, visited_on, kind, mode, target_kind, enterprise_id, target_name,
    township_id, met, headcount, morale, vitality, employment, assistance, rights, narrative, payload_hash, created_at,
    version, search_tokens)
SELECT md5('visit' || i)::uuid, v.cadre_id, j.id, day,
    (ARRAY['routine', 'routine', 'routine', 'follow_up', 'inspection', 'briefing'])[1 + h % 6], 'on_site', 'enterprise',
    enterprise_id, '', township_id, '企业工会主席', 1 + h2 % 3, 'good', 'good',
    (ARRAY['good', 'problem'])[1 + h % 2], 'not_seen', 'good', '按计划走访，听取企业工会和职工意见，查看车间与职工之家。',
    md5('payload' || i) || md5('visit' || i), (day + time '15:00' + i % 7200 * interval '1 second') AT TIME ZONE 'Asia/Shanghai',
    1, v.search_tokens || ARRAY['走访', '企业', '职工', '车间', '工会']
FROM scale_visit v JOIN visits_journal j USING (cadre_id, iso_year, iso_week) ORDER BY i""",
}

JOURNALS = """
INSERT INTO visits_journal (cadre_id, iso_year, iso_week, state, reflections, next_plan, submitted_at, version)
SELECT cadre_id, iso_year, iso_week, 'submitted', '本周按计划走访。', '下周继续。',
    (max(day) + time '17:30') AT TIME ZONE 'Asia/Shanghai', 2
FROM scale_visit GROUP BY cadre_id, iso_year, iso_week ORDER BY iso_year, iso_week, cadre_id"""
