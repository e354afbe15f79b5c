package runbook.migrations.individualprocessstatus;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.concat;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.function;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.jsonbGetAttributeAsText;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectCount;
import static org.jooq.impl.DSL.selectFrom;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.update;
import static runbook.generated.individualprocessstatus.Indexes.INDIVIDUAL_PROCESS_STATUSES_BY_INDIVIDUAL_PROCESS;
import static runbook.generated.individualprocessstatus.Indexes.INDIVIDUAL_PROCESS_STATUSES_BY_INDIVIDUAL_PROCESS_ACTIVE;
import static runbook.generated.individualprocessstatus.Indexes.INDIVIDUAL_PROCESS_STATUSES_ONE_ACTIVE;
import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESSES;
import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESS_LIST;
import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESS_STATUSES;
import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESS_STATUS_CLAIMS;
import static runbook.generated.individualprocessstatus.Tables.USERS;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Select;
import org.jooq.SelectOrderByStep;
import org.jooq.Table;
import org.jooq.impl.DSL;
import runbook.generated.individualprocessstatus.tables.IndividualProcessStatuses;
import runbook.spi.Backfill;
import runbook.spi.Check;
import runbook.spi.Comparison;
import runbook.spi.Insert;
import runbook.spi.Key;
import runbook.spi.Latency;
import runbook.spi.Loss;
import runbook.spi.Measure;
import runbook.spi.Migration;
import runbook.spi.Mirror;
import runbook.spi.Preserved;
import runbook.spi.Retirement;
import runbook.spi.Stage;
import runbook.spi.Switch;
import runbook.spi.Trial;
import runbook.spi.Write;

/**
 * Moves {@code individual_processes.status} to the history {@code individual_process_statuses}, one active row for each
 * process. Mirrors keep both equal while both are in use, so the backfill only adds what was there before them.
 */
public final class IndividualProcessStatus implements Migration {

    static final Key PROCESS = Key.of(INDIVIDUAL_PROCESSES.ID);
    static final IndividualProcessStatuses ACTIVE = INDIVIDUAL_PROCESS_STATUSES.as("active");

    @Override
    public String name() {
        return "individual_process_status";
    }

    @Override
    public String summary() {
        return "The status field of individual processes becomes a history with one active status";
    }

    @Override
    public List<Table<?>> tables() {
        return List.of(INDIVIDUAL_PROCESSES, USERS);
    }

    @Override
    public List<Table<?>> created() {
        return List.of(INDIVIDUAL_PROCESS_STATUSES, INDIVIDUAL_PROCESS_STATUS_CLAIMS);
    }

    @Override
    public List<Measure> measures() {
        return List.of(
                Measure.shown("total", selectCount().from(INDIVIDUAL_PROCESSES))
                        .before(selectCount().from(INDIVIDUAL_PROCESSES)),
                Measure.shown(
                                "migrated",
                                selectCount().from(INDIVIDUAL_PROCESSES).where(exists(Claims.statuses())))
                        .before(select(inline(0))),
                Measure.shown(
                                "pending",
                                selectCount().from(INDIVIDUAL_PROCESSES).where(notExists(Claims.statuses())))
                        .before(selectCount().from(INDIVIDUAL_PROCESSES)),
                Measure.equalTo(
                        "total", "active statuses", selectCount().from(ACTIVE).where(ACTIVE.IS_ACTIVE)));
    }

    @Override
    public List<Check> assessment() {
        return Claims.ofTheLegacyShape();
    }

    @Override
    public List<Backfill> backfills() {
        return List.of(Insert.per(PROCESS, "statuses")
                .from(IndividualProcessStatus::legacyStatuses)
                .into(
                        INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID,
                        INDIVIDUAL_PROCESS_STATUSES.STATUS_NAME,
                        INDIVIDUAL_PROCESS_STATUSES.IS_ACTIVE,
                        INDIVIDUAL_PROCESS_STATUSES.NOTES,
                        INDIVIDUAL_PROCESS_STATUSES.CHANGED_BY,
                        INDIVIDUAL_PROCESS_STATUSES.CHANGED_AT)
                .claiming(
                        Key.of(INDIVIDUAL_PROCESS_STATUS_CLAIMS.INDIVIDUAL_PROCESS_ID),
                        INDIVIDUAL_PROCESS_STATUS_CLAIMS.CLAIMED_BY)
                .except(
                        "already has a status",
                        exists(Claims.statuses().offset(0)).and(notClaimed())));
    }

    @Override
    public List<Mirror> mirrors() {
        return List.of(
                new Mirror("runbook_mirror_insert", INDIVIDUAL_PROCESSES),
                new Mirror("zz_runbook_bring_over", INDIVIDUAL_PROCESSES),
                new Mirror("runbook_mirror_update", INDIVIDUAL_PROCESSES),
                new Mirror("runbook_mirror_delete", INDIVIDUAL_PROCESSES),
                new Mirror("runbook_refuse_truncate", INDIVIDUAL_PROCESSES),
                new Mirror("runbook_bring_over", INDIVIDUAL_PROCESS_STATUSES),
                new Mirror("runbook_mirror_insert", INDIVIDUAL_PROCESS_STATUSES),
                new Mirror("runbook_mirror_update", INDIVIDUAL_PROCESS_STATUSES),
                new Mirror("runbook_refuse_truncate", INDIVIDUAL_PROCESS_STATUSES),
                new Mirror("runbook_note_departure", USERS),
                new Mirror("runbook_note_renumbering", USERS),
                new Mirror("runbook_refuse_truncate", USERS));
    }

    @Override
    public Optional<Function<Field<JSONB>, Field<?>>> recopy() {
        return Optional.of(key -> function(
                DSL.name(name(), "recopy"),
                Object.class,
                jsonbGetAttributeAsText(key, "id").cast(Long.class)));
    }

    @Override
    public List<Preserved> preserved() {
        return List.of(
                new Preserved(
                        INDIVIDUAL_PROCESSES,
                        Set.of(
                                INDIVIDUAL_PROCESSES.STATUS,
                                INDIVIDUAL_PROCESSES.UPDATED_BY,
                                INDIVIDUAL_PROCESSES.UPDATED_AT)),
                new Preserved(USERS, Set.of()));
    }

    @Override
    public List<Comparison> comparisons() {
        return List.of(Comparison.claim("the active status is the legacy status", PROCESS)
                .before(range -> select(INDIVIDUAL_PROCESSES.ID, INDIVIDUAL_PROCESSES.STATUS)
                        .from(INDIVIDUAL_PROCESSES)
                        .where(range))
                .after(range -> select(INDIVIDUAL_PROCESSES.ID, ACTIVE.STATUS_NAME)
                        .from(INDIVIDUAL_PROCESSES)
                        .join(ACTIVE)
                        .on(ACTIVE.INDIVIDUAL_PROCESS_ID.eq(INDIVIDUAL_PROCESSES.ID), ACTIVE.IS_ACTIVE.isTrue())
                        .where(range))
                .repairedBy(Repairs.RUN_AGAIN)
                .repairedBy(Repairs.LEGACY_WINS)
                .repairedBy(Repairs.NEW_WINS));
    }

    @Override
    public List<Check> validation() {
        return Claims.ofTheNewShape();
    }

    @Override
    public List<Write> writes() {
        return List.of(new Write("a status changes", PROCESS, one -> update(INDIVIDUAL_PROCESSES)
                .set(
                        INDIVIDUAL_PROCESSES.STATUS,
                        concat(coalesce(INDIVIDUAL_PROCESSES.STATUS, inline("")), inline(", seen")))
                .where(one)));
    }

    @Override
    public List<Latency> latencies() {
        return List.of(
                new Latency(
                        "list with its active status",
                        PROCESS,
                        IndividualProcessStatus::listFromHistory,
                        Duration.ofMillis(200),
                        List.of(
                                INDIVIDUAL_PROCESS_STATUSES_ONE_ACTIVE,
                                INDIVIDUAL_PROCESS_STATUSES_BY_INDIVIDUAL_PROCESS,
                                INDIVIDUAL_PROCESS_STATUSES_BY_INDIVIDUAL_PROCESS_ACTIVE)),
                new Latency(
                        "timeline of a process",
                        PROCESS,
                        one -> selectFrom(INDIVIDUAL_PROCESS_STATUSES)
                                .where(INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID.in(
                                        select(INDIVIDUAL_PROCESSES.ID)
                                                .from(INDIVIDUAL_PROCESSES)
                                                .where(one)))
                                .orderBy(INDIVIDUAL_PROCESS_STATUSES.POSITION),
                        Duration.ofMillis(200),
                        List.of(
                                INDIVIDUAL_PROCESS_STATUSES_BY_INDIVIDUAL_PROCESS,
                                INDIVIDUAL_PROCESS_STATUSES_BY_INDIVIDUAL_PROCESS_ACTIVE)));
    }

    @Override
    public List<Stage> cutover() {
        return List.of(
                Stage.named("readers", new Switch.View(INDIVIDUAL_PROCESS_LIST, listFromHistory(noCondition())))
                        .baked(Duration.ZERO, List.of(Claims.listShowsTheStatus())),
                Stage.named("status updates", new Switch.Flag("new_status_system", 1000))
                        .baked(Duration.ZERO, List.of(Claims.newStatusSystemIsOn())));
    }

    @Override
    public List<Loss> losses() {
        return List.of(new Loss(
                "the old shape holds one status for each process, without its history",
                select(INDIVIDUAL_PROCESS_STATUSES.ID)
                        .from(INDIVIDUAL_PROCESS_STATUSES)
                        .where(INDIVIDUAL_PROCESS_STATUSES.IS_ACTIVE.isFalse())));
    }

    @Override
    public List<Retirement> cleanup() {
        return List.of(new Retirement.Retire(INDIVIDUAL_PROCESSES.STATUS));
    }

    @Override
    public Optional<Trial> trial() {
        return Optional.of(new Trial("statuses", PROCESS, Verification::record));
    }

    /** The first status of a process, verbatim; a creator who is gone is not named. */
    static SelectOrderByStep<?> legacyStatuses(Condition range) {
        return select(
                        INDIVIDUAL_PROCESSES.ID,
                        INDIVIDUAL_PROCESSES.ID,
                        INDIVIDUAL_PROCESSES.STATUS,
                        inline(true),
                        inline("Migrated from legacy status field"),
                        USERS.ID,
                        INDIVIDUAL_PROCESSES.CREATED_AT)
                .from(INDIVIDUAL_PROCESSES)
                .leftJoin(USERS)
                .on(USERS.ID.eq(INDIVIDUAL_PROCESSES.CREATED_BY))
                .where(range);
    }

    /** OFFSET 0, here and above: one look into an index per process, where a join would read the whole history per batch. */
    private static Condition notClaimed() {
        return notExists(selectOne()
                .from(INDIVIDUAL_PROCESS_STATUS_CLAIMS)
                .where(INDIVIDUAL_PROCESS_STATUS_CLAIMS.INDIVIDUAL_PROCESS_ID.eq(INDIVIDUAL_PROCESSES.ID))
                .offset(0));
    }

    private static Select<?> listFromHistory(Condition which) {
        return select(list(ACTIVE.STATUS_NAME.as(INDIVIDUAL_PROCESSES.STATUS)))
                .from(INDIVIDUAL_PROCESSES)
                .leftJoin(ACTIVE)
                .on(ACTIVE.INDIVIDUAL_PROCESS_ID.eq(INDIVIDUAL_PROCESSES.ID), ACTIVE.IS_ACTIVE.isTrue())
                .where(which);
    }

    private static List<Field<?>> list(Field<String> status) {
        return List.of(
                INDIVIDUAL_PROCESSES.ID,
                INDIVIDUAL_PROCESSES.CLIENT_ID,
                INDIVIDUAL_PROCESSES.TITLE,
                status,
                INDIVIDUAL_PROCESSES.CREATED_BY,
                INDIVIDUAL_PROCESSES.CREATED_AT,
                INDIVIDUAL_PROCESSES.UPDATED_BY,
                INDIVIDUAL_PROCESSES.UPDATED_AT);
    }
}
