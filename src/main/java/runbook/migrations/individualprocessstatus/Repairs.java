package runbook.migrations.individualprocessstatus;

import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.insertInto;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.update;
import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESSES;
import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESS_STATUSES;
import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESS_STATUS_CLAIMS;
import static runbook.generated.individualprocessstatus.Tables.USERS;

import java.util.List;
import org.jooq.Condition;
import org.jooq.Record1;
import org.jooq.RowCountQuery;
import org.jooq.Select;
import runbook.generated.individualprocessstatus.tables.IndividualProcessStatuses;
import runbook.spi.Repair;

/** The cures of the seed's "Common issues", bounded to the keys that a check reported. */
final class Repairs {

    private static final IndividualProcessStatuses OTHER = INDIVIDUAL_PROCESS_STATUSES.as("other");

    /** Several active statuses: the latest stays, the others become history. */
    static final Repair KEEP_LATEST =
            Repair.named("keep the latest", "new", processes -> update(INDIVIDUAL_PROCESS_STATUSES)
                    .set(INDIVIDUAL_PROCESS_STATUSES.IS_ACTIVE, false)
                    .from(INDIVIDUAL_PROCESSES)
                    .where(INDIVIDUAL_PROCESSES.ID.eq(INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID))
                    .and(processes)
                    .and(INDIVIDUAL_PROCESS_STATUSES.IS_ACTIVE)
                    .and(exists(selectOne()
                            .from(OTHER)
                            .where(OTHER.INDIVIDUAL_PROCESS_ID.eq(INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID))
                            .and(OTHER.IS_ACTIVE)
                            .and(OTHER.POSITION.gt(INDIVIDUAL_PROCESS_STATUSES.POSITION)))));

    /** Missing record: the process is migrated again. */
    static final Repair RUN_AGAIN = new Repair("run again", "legacy", Repairs::runAgain);

    /** Mismatch, legacy field believed. */
    static final Repair LEGACY_WINS =
            Repair.named("legacy wins", "legacy", processes -> update(INDIVIDUAL_PROCESS_STATUSES)
                    .set(INDIVIDUAL_PROCESS_STATUSES.STATUS_NAME, INDIVIDUAL_PROCESSES.STATUS)
                    .from(INDIVIDUAL_PROCESSES)
                    .where(INDIVIDUAL_PROCESSES.ID.eq(INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID))
                    .and(INDIVIDUAL_PROCESS_STATUSES.IS_ACTIVE)
                    .and(processes));

    /** Mismatch, active status believed. */
    static final Repair NEW_WINS = Repair.named("new wins", "new", processes -> update(INDIVIDUAL_PROCESSES)
            .set(INDIVIDUAL_PROCESSES.STATUS, INDIVIDUAL_PROCESS_STATUSES.STATUS_NAME)
            .from(INDIVIDUAL_PROCESS_STATUSES)
            .where(INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID.eq(INDIVIDUAL_PROCESSES.ID))
            .and(INDIVIDUAL_PROCESS_STATUSES.IS_ACTIVE)
            .and(processes));

    /** No status is active, or an older one: the newest takes its place. */
    static final Repair ACTIVATE_NEWEST = new Repair(
            "activate the newest",
            "new",
            processes -> activateNewest(
                    select(INDIVIDUAL_PROCESSES.ID).from(INDIVIDUAL_PROCESSES).where(processes)));

    /** The same where a check names the statuses. */
    static final Repair ACTIVATE_NEWEST_OF_STATUSES = new Repair(
            ACTIVATE_NEWEST.name(),
            ACTIVATE_NEWEST.truth(),
            statuses -> activateNewest(select(INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID)
                    .from(INDIVIDUAL_PROCESS_STATUSES)
                    .where(statuses)));

    /** A user who has left, or never was: the status is nobody's, as one by a user who was gone before the copy. */
    static final Repair BY_NOBODY = Repair.named("changed by nobody", "legacy", statuses -> update(
                    INDIVIDUAL_PROCESS_STATUSES)
            .setNull(INDIVIDUAL_PROCESS_STATUSES.CHANGED_BY)
            .where(statuses)
            .and(notExists(selectOne().from(USERS).where(USERS.ID.eq(INDIVIDUAL_PROCESS_STATUSES.CHANGED_BY)))));

    private Repairs() {}

    /** The claim comes first, so that no mirror writes the migrated row a second time. */
    private static List<RowCountQuery> runAgain(Condition processes) {
        return List.of(
                insertInto(INDIVIDUAL_PROCESS_STATUS_CLAIMS)
                        .columns(
                                INDIVIDUAL_PROCESS_STATUS_CLAIMS.INDIVIDUAL_PROCESS_ID,
                                INDIVIDUAL_PROCESS_STATUS_CLAIMS.CLAIMED_BY)
                        .select(select(INDIVIDUAL_PROCESSES.ID, inline("repair"))
                                .from(INDIVIDUAL_PROCESSES)
                                .where(processes))
                        .onConflictDoNothing(),
                insertInto(INDIVIDUAL_PROCESS_STATUSES)
                        .columns(
                                INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID,
                                INDIVIDUAL_PROCESS_STATUSES.STATUS_NAME,
                                INDIVIDUAL_PROCESS_STATUSES.IS_ACTIVE,
                                INDIVIDUAL_PROCESS_STATUSES.NOTES,
                                INDIVIDUAL_PROCESS_STATUSES.CHANGED_BY,
                                INDIVIDUAL_PROCESS_STATUSES.CHANGED_AT)
                        .select(select(
                                        INDIVIDUAL_PROCESSES.ID,
                                        INDIVIDUAL_PROCESSES.STATUS,
                                        inline(true),
                                        inline("Migrated from legacy status field"),
                                        USERS.ID,
                                        INDIVIDUAL_PROCESSES.CREATED_AT)
                                .from(INDIVIDUAL_PROCESSES)
                                .leftJoin(USERS)
                                .on(USERS.ID.eq(INDIVIDUAL_PROCESSES.CREATED_BY))
                                .where(processes)
                                .and(notExists(selectOne()
                                        .from(INDIVIDUAL_PROCESS_STATUSES)
                                        .where(INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID.eq(
                                                INDIVIDUAL_PROCESSES.ID))))));
    }

    private static List<RowCountQuery> activateNewest(Select<Record1<Long>> processes) {
        Condition newer = exists(selectOne()
                .from(OTHER)
                .where(OTHER.INDIVIDUAL_PROCESS_ID.eq(INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID))
                .and(OTHER.POSITION.gt(INDIVIDUAL_PROCESS_STATUSES.POSITION)));
        return List.of(
                update(INDIVIDUAL_PROCESS_STATUSES)
                        .set(INDIVIDUAL_PROCESS_STATUSES.IS_ACTIVE, false)
                        .where(INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID.in(processes))
                        .and(INDIVIDUAL_PROCESS_STATUSES.IS_ACTIVE)
                        .and(newer),
                update(INDIVIDUAL_PROCESS_STATUSES)
                        .set(INDIVIDUAL_PROCESS_STATUSES.IS_ACTIVE, true)
                        .where(INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID.in(processes))
                        .andNot(INDIVIDUAL_PROCESS_STATUSES.IS_ACTIVE)
                        .andNot(newer));
    }
}
