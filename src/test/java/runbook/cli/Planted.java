package runbook.cli;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.engine.Catalog;
import runbook.engine.Expansion;
import runbook.engine.Owners;
import runbook.engine.Plan;
import runbook.engine.Pulse;
import runbook.engine.Runs;
import runbook.engine.Scripts;
import runbook.engine.Target;
import runbook.engine.Targets;
import runbook.message.Admit;
import runbook.message.Phase;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.Start;
import runbook.message.StartInput;
import runbook.migrations.Bundled;
import runbook.spi.Migration;

/** A run whose tables hold keys, values and texts that must not leave the database unasked. */
final class Planted {

    static final List<String> SECRETS = List.of(
            "planted-key",
            "planted-status",
            "planted-name <script>alert(1)</script>",
            "planted-detail",
            "planted-held",
            "planted-foreign",
            "planted-cursor");

    /** Those of them that a person who asks may see: the cursor of a range is of no use to anybody. */
    static final List<String> REVEALED =
            List.of("planted-key", "planted-status", "planted-detail", "planted-held", "planted-foreign");

    private static final String ROWS = """
            delete from runbook.phase;
            delete from runbook.script;
            insert into runbook.phase (run, phase, attempt, verdict, summary, started_at, ended_at) values
                (1, 'assessment', 1, 'passed', '1 of 9 checks, 8 advisory', now() - interval '9 min', now() - interval '8 min'),
                (1, 'backup', 1, 'passed', '300 rows, drill equal', now() - interval '7 min', now() - interval '6 min'),
                (1, 'schema', 1, 'passed', '8 scripts', now() - interval '5 min', now() - interval '4 min'),
                (1, 'backfill', 1, 'passed', '298 copied', now() - interval '3 min', now() - interval '2 min'),
                (1, 'validation', 1, 'passed', '2 of 2 checks', now() - interval '1 min', now());
            insert into runbook.range (run, backfill, number, definition, after_key, cursor_key, batch_rows, batches, scanned,
                copied, skipped, quarantined, rows_written, busy_millis, finished_at)
            values (1, 'statuses', 0, 'd', '["planted-cursor"]', '["planted-cursor"]', 100, 3, 300, 298, 1, 1, 298, 1000, now());
            insert into runbook.skip values (1, 'statuses', 0, 'already has a status', 1);
            insert into runbook.problem (run, phase, sqlstate, object, text)
            values (1, 'backfill', '23514', 'statuses', 'ERROR: planted-detail');
            insert into runbook.quarantine (run, backfill, number, key, problem)
            values (1, 'statuses', 0, '["planted-held"]', 1);
            insert into runbook.check_result (run, phase, attempt, name, severity, verdict, found, note, millis) values
                (1, 'validation', 1, 'the active status is the legacy status', 'blocking', 'passed', 0, '', 12),
                (1, 'validation', 1, 'every status has a name', 'advisory', 'failed', 1, '', 3);
            insert into runbook.violation (run, phase, check_name, key, row)
            values (1, 'validation', 'every status has a name', '["planted-key"]',
                '{"status": "planted-status", "name": "planted-name <script>alert(1)</script>"}');
            insert into runbook.foreign_write (run, relation, role, acting_as, application, statement, rows, keys)
            values (1, 'statuses', 'app', 'none', 'cron', 'INSERT', 1, '[{"id": "planted-foreign"}]');
            insert into runbook.backup (run, folder, host, manifest, rows, bytes, taken_at, drill, drilled_at, restore_millis)
            values (1, 'backups/one', 'db-worker-2', 'abcdef0123456789', 300, 4096, now(), 'equal', now(), 120);
            insert into runbook.script (run, folder, script, millis, tries, locks)
            values (1, 'schema', 'V06__mirrors.sql', 4, 2,
                '{"individual_process_status.individual_processes": ["AccessShareLock", "ShareRowExclusiveLock"]}');
            insert into runbook.approval (run, gate, evidence, decision, approver, comment, identity, workflow_run, event_id,
                approved_at, person, expires_at, validity)
            values
                (1, 'schema', '0123456789abcdef',
                    '{"backup": "restored and equal", "checks": {"a": "passed", "b": "passed"}, "loss": {"c": "lossless"}}', 'alice', 'seen <b>it</b>', 'temporal-cli:alice', 'w', 7, now(),
                    'alice', null, 'counts'),
                (1, 'cutover', '0123456789abcdef', '{}', 'bob', 'too early', 'temporal-cli:bob', 'w', 9, now(),
                    'bob', now(), 'expired'),
                (1, 'cutover', '0123456789abcdef', '{}', 'eve', 'in time', 'temporal-cli:eve', 'w', 11, now(),
                    'eve', null, 'counts');
            insert into runbook.flag (name, per_mille, changed_by, reason) values ('new_status_system', 0, 'run 1', 'begin');
            """;

    private Planted() {}

    /** Makes the old shape and the new one, and a run that has just passed its validation. */
    static void plant(TestPostgres postgres) throws SQLException {
        Legacy.fill(postgres);
        try (Targets targets = new Targets()) {
            Target target = targets.named(postgres.target());
            Scripts.install(target);
            Start start = StartInput.of(
                            Map.of("migration", Legacy.NAME, "target", postgres.target(), "requestedBy", "dana"))
                    .start();
            Migration migration = new Catalog(Bundled.migrations()).named(Legacy.NAME);
            Run run = Runs.own(
                            target,
                            new Admit(start, List.of(), Legacy.NAME, "f00d"),
                            Plan.definition(migration),
                            Owners.nobody())
                    .run();
            Expansion.expand(target, new PhaseRequest(run, start, Phase.SCHEMA, 1), migration, Pulse.NONE);
        }
        Legacy.execute(postgres, Role.RUNBOOK, ROWS);
    }
}
