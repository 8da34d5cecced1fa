-- The figures of a report, from the rows alone. :first and :last month of the period; one SELECT a figure:
-- name, key, number. What erased people had added is all that is left of them, so it is added where it stands.
WITH fact AS (
    SELECT id, person_id, kind, subject, competences, audience, age, group_kind, substr(day, 1, 7) AS month,
           substr(day, 1, 4) AS year, CASE ward WHEN '25999' THEN '25747' ELSE coalesce(ward, '') END AS ward
    FROM completion WHERE substr(day, 1, 7) <= :last
),
gone AS (
    SELECT dimension, measure, scope, n, month,
           CASE WHEN dimension = 'ward' AND value = '25999' THEN '25747' ELSE value END AS value
    FROM erased_tally WHERE month <= :last
),
worker AS (SELECT * FROM fact WHERE kind = 'course' AND subject = 'thu' AND person_id IS NOT NULL AND audience = 'worker'),
first_worker AS (SELECT * FROM worker WHERE id IN (SELECT min(id) FROM worker GROUP BY person_id)),
maybe AS (
    SELECT * FROM fact
    WHERE kind = 'course' AND subject = 'thu' AND person_id IS NOT NULL AND (audience = 'worker' OR audience IS NULL)
),
young AS (
    SELECT * FROM fact WHERE kind = 'course' AND person_id IS NOT NULL AND age IN ('15_24', '25_34')
),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY person_id ORDER BY id) AS place FROM fact
    WHERE kind = 'course' AND person_id IS NOT NULL
)
SELECT 'ever', 'cong_nhan', (SELECT count(DISTINCT person_id) FROM worker)
    + (SELECT coalesce(sum(n), 0) FROM gone WHERE dimension = 'all' AND measure = 'indicator:cong_nhan' AND scope = 'person')
UNION ALL
SELECT 'new', 'cong_nhan', (SELECT count(*) FROM first_worker WHERE month >= :first)
    + (SELECT coalesce(sum(n), 0) FROM gone WHERE dimension = 'all' AND measure = 'indicator:cong_nhan'
       AND scope = 'person' AND month >= :first)
UNION ALL
SELECT 'year', 'cong_nhan', (SELECT count(DISTINCT person_id) FROM worker WHERE year = substr(:last, 1, 4))
    + (SELECT coalesce(sum(n), 0) FROM gone WHERE dimension = 'all' AND measure = 'indicator:cong_nhan'
       AND scope = 'year' AND substr(month, 1, 4) = substr(:last, 1, 4))
UNION ALL
SELECT 'turns', 'cong_nhan', (SELECT count(*) FROM worker)
    + (SELECT coalesce(sum(n), 0) FROM gone WHERE dimension = 'all' AND measure = 'indicator:cong_nhan' AND scope = 'turn')
UNION ALL
SELECT 'unknown', 'cong_nhan',
    (SELECT count(*) FROM maybe WHERE audience IS NULL AND id IN (SELECT min(id) FROM maybe GROUP BY person_id))
    + (SELECT coalesce(sum(n), 0) FROM gone WHERE dimension = 'all' AND measure = 'indicator:cong_nhan' AND scope = 'unknown')
UNION ALL
SELECT 'ever', 'tre', (SELECT count(DISTINCT person_id) FROM young)
    + (SELECT coalesce(sum(n), 0) FROM gone WHERE dimension = 'all' AND measure = 'indicator:tre' AND scope = 'person')
UNION ALL
SELECT 'year', 'tre', (SELECT count(DISTINCT person_id) FROM young WHERE year = substr(:last, 1, 4))
    + (SELECT coalesce(sum(n), 0) FROM gone WHERE dimension = 'all' AND measure = 'indicator:tre' AND scope = 'year'
       AND substr(month, 1, 4) = substr(:last, 1, 4))
UNION ALL
SELECT 'ever', 'luot', (SELECT count(*) FROM fact WHERE kind = 'course' AND subject = 'thu')
    + (SELECT coalesce(sum(n), 0) FROM gone WHERE dimension = 'all' AND measure = 'indicator:luot' AND scope = 'turn')
UNION ALL
SELECT 'assisted', 'luot', (SELECT count(*) FROM fact WHERE kind = 'course' AND subject = 'thu' AND person_id IS NULL)
UNION ALL
SELECT 'ever', 'giup', (SELECT count(*) FROM fact WHERE kind = 'lesson' AND person_id IS NULL)
UNION ALL
SELECT 'new', 'giup', (SELECT count(*) FROM fact WHERE kind = 'lesson' AND person_id IS NULL AND month >= :first)
UNION ALL
SELECT 'ever', 'hoi', (SELECT count(*) FROM question
    WHERE strftime('%Y-%m', asked_at / 1000 + 7 * 3600, 'unixepoch') BETWEEN :first AND :last)
UNION ALL
SELECT 'ward', ward, sum(n) FROM (
    SELECT ward, 1 AS n FROM first_worker UNION ALL
    SELECT value, n FROM gone WHERE dimension = 'ward' AND measure = 'indicator:cong_nhan' AND scope = 'person'
) GROUP BY ward
UNION ALL
SELECT 'audience', audience, sum(n) FROM (
    SELECT coalesce(audience, '') AS audience, 1 AS n FROM ranked WHERE place = 1 UNION ALL
    SELECT value, n FROM gone WHERE dimension = 'audience' AND measure = 'any' AND scope = 'person'
) GROUP BY audience
UNION ALL
SELECT 'group', kind, sum(n) FROM (
    SELECT coalesce(group_kind, '') AS kind, 1 AS n FROM ranked WHERE place = 1 UNION ALL
    SELECT value, n FROM gone WHERE dimension = 'group' AND measure = 'any' AND scope = 'person'
) GROUP BY kind
UNION ALL
SELECT 'begun', course, sum(n) FROM (
    SELECT substr(subject, 1, instr(subject, '.') - 1) AS course, count(DISTINCT person_id) AS n FROM fact
    WHERE kind = 'lesson' GROUP BY 1 UNION ALL
    SELECT substr(measure, 7), n FROM gone WHERE dimension = 'all' AND measure LIKE 'begun:%' AND scope = 'person'
) GROUP BY course
UNION ALL
SELECT 'helped', substr(subject, 1, instr(subject, '.') - 1) AS course, count(*) FROM fact
    WHERE kind = 'lesson' AND person_id IS NULL GROUP BY course
UNION ALL
SELECT 'finished', course, sum(n) FROM (
    SELECT subject AS course, count(DISTINCT person_id) AS n FROM fact WHERE kind = 'course' GROUP BY subject UNION ALL
    SELECT substr(measure, 8), n FROM gone WHERE dimension = 'all' AND measure LIKE 'course:%' AND scope = 'person'
) GROUP BY course
UNION ALL
SELECT 'competence', code || '@' || band, sum(n) FROM (
    SELECT substr(taught.value, 1, instr(taught.value, '@') - 1) AS code, band, count(DISTINCT person_id) AS n
    FROM fact, json_each(fact.competences) AS taught, (SELECT 1 AS band UNION SELECT 3 UNION SELECT 5)
    WHERE kind = 'lesson' AND CAST(substr(taught.value, instr(taught.value, '@') + 1) AS INTEGER) >= band
    GROUP BY code, band
    UNION ALL
    SELECT substr(measure, 12, instr(measure, '@') - 12), CAST(substr(measure, instr(measure, '@') + 1) AS INTEGER), n
    FROM gone WHERE dimension = 'all' AND measure LIKE 'competence:%' AND scope = 'person'
) GROUP BY code, band
