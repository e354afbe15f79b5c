package runbook.engine;

import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.param;

import java.util.ArrayList;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.SQLDialect;
import org.jooq.TableField;
import org.jooq.conf.ParamType;
import org.jooq.impl.DSL;
import runbook.message.Phase;
import runbook.spi.Backfill;
import runbook.spi.Check;
import runbook.spi.Comparison;
import runbook.spi.Criterion;
import runbook.spi.Key;
import runbook.spi.Latency;
import runbook.spi.Loss;
import runbook.spi.Measure;
import runbook.spi.Migration;
import runbook.spi.Repair;
import runbook.spi.RowMap;
import runbook.spi.Stage;
import runbook.spi.Switch;
import runbook.spi.Write;

/**
 * Every statement that each phase would run, in order, from the description alone. What stands for a value that is only
 * known later is a name with a colon: {@code :after_id}.
 */
public final class Plan {

    private static final DSLContext PRINTER = DSL.using(SQLDialect.POSTGRES, Target.RENDERING);

    private final Migration migration;
    private final List<Statement> statements = new ArrayList<>();

    private Plan(Migration migration) {
        this.migration = migration;
    }

    /**
     * One statement, or script, of a phase.
     *
     * @param title what it is for
     */
    public record Statement(Phase phase, String title, String sql) {}

    /** The whole plan of a migration. */
    public static List<Statement> of(Migration migration) {
        Plan plan = new Plan(migration);
        plan.build();
        return List.copyOf(plan.statements);
    }

    /**
     * What a start would be refused for, whatever the target.
     *
     * @throws RunbookException listing it, with the cures
     */
    public static void refuse(Migration migration) {
        List<String> problems = new ArrayList<>(Readiness.unbounded(migration));
        problems.addAll(Comparability.described(migration));
        if (!problems.isEmpty()) {
            throw new RunbookException(migration.name() + ": plan: a start would be refused: "
                    + String.join(" ", problems) + " Then: ./runbook plan " + migration.name());
        }
    }

    /** SHA-256 of all statements and scripts: a run that was begun with another one does not go on by itself. */
    public static String definition(Migration migration) {
        StringBuilder text = new StringBuilder(migration.name());
        of(migration).forEach(s -> text.append('\n')
                .append(s.title())
                .append('\n')
                .append(s.sql().replaceAll("\\s+", " ")));
        return Json.sha256(text.toString());
    }

    private void build() {
        migration.assessment().forEach(check -> check(Phase.ASSESSMENT, check));
        backup(Phase.BACKUP, "");
        for (Write write : migration.writes()) {
            add(
                    Phase.SCHEMA,
                    "timed and taken back, here, beside the copy and after the cutover: " + write.name(),
                    write.change().apply(only(write.key())));
        }
        scripts(Phase.SCHEMA, "schema");
        migration.created().stream()
                .flatMap(table -> ForeignWrites.watching(table, ":run", migration.mayWrite(), ":mirrors").stream())
                .forEach(watch -> add(Phase.SCHEMA, "notes who else writes there before the cutover", watch));
        migration
                .preserved()
                .forEach(preserved -> add(
                        Phase.SCHEMA,
                        "notes what else changes through the migration",
                        Preservation.watching(preserved, ":run", ":mirrors")));
        for (Backfill backfill : migration.backfills()) {
            add(Phase.BACKFILL, "before the copy, where statistics are missing or stale", Backfills.analyze(backfill));
        }
        for (Backfill backfill : migration.backfills()) {
            String code =
                    backfill instanceof RowMap<?, ?> map ? ", its rows made in Java, version " + map.version() : "";
            add(
                    Phase.BACKFILL,
                    "one batch of '" + backfill.name() + "'" + code,
                    Batch.of(backfill).statement(PRINTER, between(backfill.unit())));
        }
        scripts(Phase.BACKFILL, "constraints");
        for (Backfill backfill : migration.backfills()) {
            add(Phase.BACKFILL, "after the copy", Backfills.vacuum(backfill));
        }
        migration.validation().forEach(check -> check(Phase.VALIDATION, check));
        for (Comparison comparison : migration.comparisons()) {
            Contrast contrast = Contrast.described(comparison);
            Condition chunk = between(comparison.key());
            add(Phase.VALIDATION, "fingerprints, chunk by chunk: " + comparison.claim(), contrast.fingerprints(chunk));
            add(
                    Phase.VALIDATION,
                    "keys and columns of a chunk that differs: " + comparison.claim(),
                    contrast.differences(chunk, Violations.AT_ONCE));
            comparison.repairs().forEach(repair -> repair(Phase.VALIDATION, comparison.key(), repair));
        }
        RepairedRows.watching(migration)
                .forEach(
                        watch -> add(Phase.VALIDATION, "from the first repair on, keeps what rows held before", watch));
        for (Measure measure : migration.measures()) {
            measure.before().ifPresent(old -> add(Phase.ASSESSMENT, "measure before: " + measure.name(), old));
            add(Phase.VALIDATION, "measure: " + measure.name(), measure.value());
        }
        for (Latency latency : migration.latencies()) {
            add(Phase.VALIDATION, "time: " + latency.name(), latency.query().apply(only(latency.key())));
            latency.before()
                    .ifPresent(old -> add(
                            Phase.VALIDATION, "time against it: " + latency.name(), old.apply(only(latency.key()))));
        }
        migration
                .trial()
                .ifPresent(trial -> add(
                        Phase.BACKFILL,
                        "verification record of a trial",
                        trial.verification().apply(only(trial.key()))));
        migration.cutover().forEach(this::stage);
        scripts(Phase.CLEANUP, "cleanup");
        add(Phase.CLEANUP, "retire", Retirements.createArchive());
        migration.cleanup().forEach(piece -> Retirements.retiring(piece)
                .ifPresent(retire -> add(Phase.CLEANUP, "retire", retire)));
        scripts(Phase.CLEANUP, "final");
        backup(Phase.CLEANUP, "after the gate drop, before it: ");
        Retirements.dropping(migration).forEach(drop -> add(Phase.CLEANUP, "drop, after the gate drop", drop));
        for (Loss loss : migration.losses()) {
            add(Phase.ROLLBACK, "counted before approval: " + loss.claim(), loss.rows());
        }
        scripts(Phase.ROLLBACK, "undo");
        add(Phase.ROLLBACK, "new tables aside", Retirements.createArchive());
        migration.created().stream()
                .flatMap(table -> WayBack.aside(table, ":run").stream())
                .forEach(move -> add(Phase.ROLLBACK, "new tables aside, where they are there", move));
    }

    private void backup(Phase phase, String when) {
        migration.tables().stream()
                .map(table -> "COPY " + Sql.quoted(table) + " TO STDOUT")
                .sorted()
                .forEach(copy -> add(phase, when + "back up, restore into a scratch database, compare", copy));
    }

    private void stage(Stage stage) {
        for (Switch flipped : stage.switches()) {
            if (flipped instanceof Switch.View view) {
                add(
                        Phase.CUTOVER,
                        stage.name(),
                        PRINTER.createOrReplaceView(view.view()).as(view.after()));
                add(Phase.ROLLBACK, stage.name(), "view " + Sql.shown(view.view()) + " as it was found at the flip");
            } else if (flipped instanceof Switch.Flag flag) {
                add(
                        Phase.CUTOVER,
                        stage.name(),
                        "flag " + flag.name() + " on for " + flag.perMille() + " of 1000 subjects");
                add(Phase.ROLLBACK, stage.name(), "flag " + flag.name() + " off");
            }
        }
        stage.checks().forEach(check -> check(Phase.CUTOVER, check));
        stage.watching().criteria().forEach(criterion -> criterion(stage, criterion));
    }

    private void criterion(Stage stage, Criterion criterion) {
        String read = stage.name() + ": read " + stage.watching().count() + " times in the bake: " + criterion.name();
        if (criterion.source() instanceof Criterion.Source.Query query) {
            add(Phase.CUTOVER, read, query.value());
        } else {
            add(Phase.CUTOVER, read, "counters of pg_stat_database");
        }
    }

    private void check(Phase phase, Check check) {
        add(phase, check.claim(), check.counterExamples());
        check.repairs().forEach(repair -> repair(phase, check.key(), repair));
    }

    private void repair(Phase phase, Key key, Repair repair) {
        repair.change()
                .apply(only(key))
                .forEach(change -> add(phase, "repair on request: " + repair.name(), (Query) change));
    }

    private void scripts(Phase phase, String folder) {
        ScriptFolder.texts(migration.name(), folder).forEach((script, text) -> add(phase, script, text));
    }

    private void add(Phase phase, String title, Query query) {
        add(
                phase,
                title,
                PRINTER.renderContext()
                        .paramType(ParamType.NAMED_OR_INLINED)
                        .visit(query)
                        .render());
    }

    private void add(Phase phase, String title, String sql) {
        statements.add(new Statement(phase, title, sql));
    }

    private static Condition between(Key key) {
        return bound(key, "after_", true).and(bound(key, "upto_", false));
    }

    private static Condition bound(Key key, String prefix, boolean above) {
        List<Field<?>> names = new ArrayList<>();
        key.columns().forEach(column -> names.add(param(prefix + column.getName(), column.getDataType())));
        var row = DSL.row(key.fields());
        return above ? row.gt(DSL.row(names)) : row.le(DSL.row(names));
    }

    private static Condition only(Key key) {
        Condition only = noCondition();
        for (TableField<?, ?> column : key.columns()) {
            only = only.and(same(column));
        }
        return only;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // a parameter of the column's own type
    private static Condition same(TableField column) {
        return column.eq(param(column.getName(), column.getDataType()));
    }
}
