package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jooq.Record;
import org.jooq.Result;
import org.junit.jupiter.api.Test;
import runbook.Eventually;
import runbook.OwnThread;
import runbook.cli.dev.Role;
import runbook.engine.account.Reversibility;
import runbook.message.Admit;
import runbook.message.PhaseReport;

/** What was retired and not dropped yet comes back as it was, and says first what it has missed. */
class UnarchiveTest extends OneRetired {

    @Test
    void counts_what_is_in_the_new_shape_alone_and_changes_nothing() {
        ended();
        assertThat(lost()).containsExactly(0L, 2L);
        write(1, 2, 3);
        ground.sql("delete from " + PROCESSES + " where id = 4");

        Unarchive.Outlook outlook = outlook();

        assertThat(outlook.run()).isEqualTo(ground.run.id());
        assertThat(outlook.retiredAt()).isNotNull();
        assertThat(outlook.pieces()).containsExactly("column " + PROCESSES + ".status");
        assertThat(lost()).containsExactly(3L, 5L);
        assertThat(columns()).contains("retired_status").doesNotContain("status");
        assertThat(ground.number(
                        "select count(*) from pg_class where relnamespace::regnamespace::text like 'pg_temp%'"))
                .isZero();
    }

    @Test
    void brings_the_old_shape_back_as_it_was_and_a_new_run_goes_to_its_end() {
        ended();
        Result<Record> before = ground.rows("select id, retired_status from " + PROCESSES + " order by id");
        write(1, 2, 3);
        long unarchived = ground.run.id() + 1;

        Ground.passes(bringBack());

        assertThat(ground.rows("select id, status from " + PROCESSES + " order by id")
                        .intoArrays())
                .isDeepEqualTo(before.intoArrays());
        assertThat(ground.rows("select id, status from " + SCHEMA + "individual_process_list order by id")
                        .intoArrays())
                .isDeepEqualTo(before.intoArrays());
        assertThat(ground.number("select per_mille from runbook.flag")).isZero();
        assertThat(ground.number("select count(*) from runbook_archive.individual_process_statuses_run" + unarchived
                        + " where status_name = 'later'"))
                .isEqualTo(3);
        assertThat(ground.number("select count(*) from pg_trigger where tgrelid in ('" + PROCESSES + "'::regclass, '"
                        + SCHEMA + "users'::regclass)"))
                .isZero();
        assertThat(ground.text("select who || ': ' || subject || ', ' || (detail ->> 'retired by')"
                        + " from runbook.audit where act = 'unarchive'"))
                .isEqualTo("dana: column " + PROCESSES + ".status, run " + ground.run.id());
        assertThat(ground.text("select state from runbook.migration_run where id = " + unarchived))
                .isEqualTo("rolled_back");

        ground.run = ground.owner("again");
        ground.expanded().copied();
        Ground.passes(ground.validated());
        ground.cutOver().completed();
        assertThat(ground.number("select count(*) from pg_constraint where conname = 'status_changed_by_user'"))
                .isOne();
    }

    @Test
    void takes_no_run_from_a_workflow_that_could_drop_meanwhile() {
        assertThatThrownBy(this::bringBack)
                .isInstanceOf(RunbookException.class)
                .hasMessageContaining("run " + ground.run.id() + " is open")
                .hasMessageContaining("temporal workflow cancel -w individual_process_status")
                .hasMessageContaining("runbook.disown(" + ground.run.id());
        assertThat(columns()).contains("retired_status");

        ground.sql("select runbook.disown(" + ground.run.id() + ", 'its workflow is gone')");
        Ground.passes(bringBack());

        assertThat(columns()).contains("status");
        assertThat(ground.text("select state from runbook.migration_run")).isEqualTo("rolled_back");
    }

    @Test
    void a_run_that_begins_meanwhile_is_refused() {
        ended();
        Owners nobodyKnows = Owners.unknown();
        Runs.own(
                ground.target,
                new Admit(ground.start, List.of(), "unarchive", "unarchive"),
                Plan.definition(ground.migration),
                nobodyKnows);

        assertThatThrownBy(() -> Runs.own(
                        ground.target,
                        new Admit(ground.start, List.of(), "another", "another"),
                        Plan.definition(ground.migration),
                        nobodyKnows))
                .hasMessageContaining("is open in this database");
        Ground.passes(bringBack());
        assertThat(columns()).contains("status");
    }

    @Test
    void goes_on_where_it_was_interrupted() {
        ended();
        ground.sql("create view public.in_the_way as select " + SCHEMA + "is_admin()");
        assertThatThrownBy(this::bringBack).isInstanceOf(RuntimeException.class);
        assertThat(columns()).contains("status");
        assertThat(ground.number("select count(*) from " + STATUSES)).isPositive();
        assertThat(outlook().run()).isZero();

        ground.sql("drop view public.in_the_way");
        Ground.passes(bringBack());

        assertThat(ground.text("select to_regclass('" + STATUSES + "')::text")).isEqualTo("null");
        assertThat(ground.number("select count(*) from runbook.migration_run where ended_at is null"))
                .isZero();
    }

    @Test
    void gives_way_to_a_long_transaction_and_comes_back() throws Exception {
        ended();
        try (Connection application = postgres.database().connect(Role.APP);
                Statement statement = application.createStatement()) {
            application.setAutoCommit(false);
            statement.execute("select count(*) from " + PROCESSES);
            CompletableFuture<Void> committed =
                    CompletableFuture.runAsync(() -> commitOnceItGaveWay(application), OwnThread.EACH);

            Ground.passes(bringBack());

            committed.get(30, TimeUnit.SECONDS);
        }
        assertThat(columns()).contains("status");
    }

    private long lockWaits() {
        return ground.number("select count(*) from pg_locks where not granted");
    }

    private void commitOnceItGaveWay(Connection application) {
        try {
            Eventually.holds("it waits for its lock", Duration.ofSeconds(30), () -> lockWaits() > 0);
            Eventually.holds("it has given way", Duration.ofSeconds(30), () -> lockWaits() == 0);
            application.commit();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void refuses_where_nothing_is_retired_any_more_or_a_name_is_taken() {
        ended();
        ground.sql("alter table " + PROCESSES + " add column status text");
        assertThatThrownBy(this::bringBack).hasMessageContaining("the name " + PROCESSES + ".status is taken");
        assertThat(ground.number("select count(*) from runbook.migration_run")).isOne();
        ground.sql("alter table " + PROCESSES + " drop column status");

        Ground.passes(bringBack());

        assertThatThrownBy(this::bringBack)
                .hasMessageContaining("nothing of it is retired here")
                .hasMessageContaining("./runbook reversibility individual_process_status");
    }

    @Test
    void reversibility_counts_the_same() {
        ended();
        write(1, 2, 3);

        Reversibility told = told(false);

        assertThat(told.stage()).isEqualTo(Reversibility.Stage.RETIRED);
        assertThat(told.until()).isEqualTo("until the drop");
        assertThat(told.command()).startsWith("./runbook unarchive individual_process_status --target ");
        assertThat(told.mappings()).extracting(Reversibility.Mapping::rows).containsExactly(3L, 5L);
        assertThat(told.mappings())
                .allSatisfy(mapping -> assertThat(mapping.listed()).isEmpty());
        assertThat(told(true).mappings().get(0).listed()).hasSize(3).allSatisfy(row -> assertThat(row)
                .contains("later"));
    }

    private Reversibility told(boolean reveal) {
        return Reversibility.of(ground.target, ground.migration.name(), new Catalog(List.of(ground.migration)), reveal);
    }

    /** The way that the new shape has, on some processes. */
    private void write(int... processes) {
        for (int process : processes) {
            ground.sql("insert into " + STATUSES + " (individual_process_id, status_name, is_active) values (" + process
                    + ", 'later', true)");
        }
    }

    private List<Long> lost() {
        return outlook().lost().stream().map(Unarchive.Lost::count).toList();
    }

    private Unarchive.Outlook outlook() {
        return Unarchive.outlook(ground.target, ground.migration, Duration.ofMinutes(1));
    }

    private PhaseReport bringBack() {
        return Unarchive.bringBack(ground.target, ground.migration, "dana", Pulse.NONE);
    }

    private List<String> columns() {
        return ground.rows("select attname::text from pg_attribute where attrelid = '" + PROCESSES
                        + "'::regclass and attnum > 0 and not attisdropped")
                .getValues(0, String.class);
    }
}
