package runbook.migrations.individualprocessstatus;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.lower;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.trim;
import static runbook.generated.individualprocessstatus.Tables.DEPARTED_USERS;
import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESSES;
import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESS_LIST;
import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESS_STATUSES;
import static runbook.generated.individualprocessstatus.Tables.USERS;
import static runbook.migrations.individualprocessstatus.IndividualProcessStatus.PROCESS;

import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Select;
import org.jooq.SelectLimitStep;
import runbook.generated.individualprocessstatus.Routines;
import runbook.generated.individualprocessstatus.tables.IndividualProcessStatuses;
import runbook.spi.Check;
import runbook.spi.Key;

/** What is looked at before and after, each claim by the query for its counter-examples. */
final class Claims {

    private static final Key STATUS = Key.of(INDIVIDUAL_PROCESS_STATUSES.ID);
    private static final IndividualProcessStatuses LATER = INDIVIDUAL_PROCESS_STATUSES.as("later");

    /** The statuses of the application's own forms; anything else was typed or imported. */
    private static final List<String> KNOWN = List.of(
            "draft",
            "pending_documents",
            "documents_submitted",
            "under_review",
            "approved",
            "rejected",
            "completed",
            "cancelled",
            "on_hold");

    private Claims() {}

    /** Odd values are kept verbatim, so these only tell people what is there. */
    static List<Check> ofTheLegacyShape() {
        Field<String> status = INDIVIDUAL_PROCESSES.STATUS;
        return List.of(
                legacy("every process has a status", status.isNull()),
                legacy("no status is blank", trim(status).eq("")),
                legacy(
                        "no status is padded",
                        trim(status).ne(status).and(trim(status).ne(""))),
                legacy("every status is spelled in lower case", lower(status).ne(status)),
                legacy(
                        "every status is a known one",
                        lower(trim(status)).notIn(KNOWN).and(trim(status).ne(""))),
                Check.advisory(
                        "every process was created by a user who exists",
                        PROCESS,
                        processes(
                                INDIVIDUAL_PROCESSES.CREATED_BY,
                                INDIVIDUAL_PROCESSES
                                        .CREATED_BY
                                        .isNull()
                                        .or(notExists(selectOne()
                                                .from(USERS)
                                                .where(USERS.ID.eq(INDIVIDUAL_PROCESSES.CREATED_BY)))))),
                Check.advisory(
                        "no process was created in the future",
                        PROCESS,
                        processes(
                                INDIVIDUAL_PROCESSES.CREATED_AT,
                                INDIVIDUAL_PROCESSES.CREATED_AT.gt(currentOffsetDateTime()))));
    }

    static List<Check> ofTheNewShape() {
        return List.of(
                Check.blocking("every process has at least one status", PROCESS, processes(notExists(statuses())))
                        .repairedBy(Repairs.RUN_AGAIN),
                Check.blocking(
                                "every process has exactly one active status",
                                PROCESS,
                                select(INDIVIDUAL_PROCESSES.ID, count(INDIVIDUAL_PROCESS_STATUSES.ID))
                                        .from(INDIVIDUAL_PROCESSES)
                                        .leftJoin(INDIVIDUAL_PROCESS_STATUSES)
                                        .on(
                                                INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID.eq(
                                                        INDIVIDUAL_PROCESSES.ID),
                                                INDIVIDUAL_PROCESS_STATUSES.IS_ACTIVE.isTrue())
                                        .groupBy(INDIVIDUAL_PROCESSES.ID)
                                        .having(count(INDIVIDUAL_PROCESS_STATUSES.ID)
                                                .ne(1)))
                        .repairedBy(Repairs.ACTIVATE_NEWEST)
                        .repairedBy(Repairs.KEEP_LATEST)
                        .repairedBy(Repairs.RUN_AGAIN),
                Check.blocking("the newest status is the active one", STATUS, newestNotActive())
                        .repairedBy(Repairs.ACTIVATE_NEWEST_OF_STATUSES),
                status(
                        "every status belongs to a process",
                        notExists(selectOne()
                                .from(INDIVIDUAL_PROCESSES)
                                .where(INDIVIDUAL_PROCESSES.ID.eq(INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID)))),
                status(
                                "every status was changed by a user who is or was there, or by nobody",
                                byStranger().and(notNoted()))
                        .repairedBy(Repairs.BY_NOBODY),
                status(
                        "every status was written at a time that has come",
                        INDIVIDUAL_PROCESS_STATUSES.CREATED_AT.gt(
                                field("clock_timestamp()", INDIVIDUAL_PROCESS_STATUSES.CREATED_AT.getDataType()))),
                status(
                        "no two statuses share a position",
                        exists(selectOne()
                                .from(LATER)
                                .where(LATER.INDIVIDUAL_PROCESS_ID.eq(
                                        INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID))
                                .and(LATER.POSITION.eq(INDIVIDUAL_PROCESS_STATUSES.POSITION))
                                .and(LATER.ID.gt(INDIVIDUAL_PROCESS_STATUSES.ID)))),
                FirstStatus.tellsOfTheCreation(),
                Check.blocking("row-level security guards the statuses", STATUS, unguarded()),
                Check.blocking("not everybody may add a status", STATUS, open()),
                Check.advisory(
                        "every status has a name",
                        STATUS,
                        select(INDIVIDUAL_PROCESS_STATUSES.ID)
                                .from(INDIVIDUAL_PROCESS_STATUSES)
                                .where(trim(INDIVIDUAL_PROCESS_STATUSES.STATUS_NAME)
                                        .eq("")
                                        .or(INDIVIDUAL_PROCESS_STATUSES.STATUS_NAME.isNull()))),
                Check.advisory(
                                "no status names a user who has left since",
                                STATUS,
                                statuses(byStranger().andNot(notNoted())))
                        .repairedBy(Repairs.BY_NOBODY),
                Check.advisory(
                        "every status names who changed it",
                        STATUS,
                        select(INDIVIDUAL_PROCESS_STATUSES.ID)
                                .from(INDIVIDUAL_PROCESS_STATUSES)
                                .where(INDIVIDUAL_PROCESS_STATUSES.CHANGED_BY.isNull())));
    }

    /** The list that the application shows, against the legacy field, which the mirrors keep. */
    static Check listShowsTheStatus() {
        return Check.blocking(
                        "the list shows the status of the legacy field",
                        PROCESS,
                        select(INDIVIDUAL_PROCESSES.ID)
                                .from(INDIVIDUAL_PROCESSES)
                                .leftJoin(INDIVIDUAL_PROCESS_LIST)
                                .on(INDIVIDUAL_PROCESS_LIST.ID.eq(INDIVIDUAL_PROCESSES.ID))
                                .where(INDIVIDUAL_PROCESS_LIST
                                        .ID
                                        .isNull()
                                        .or(INDIVIDUAL_PROCESS_LIST.STATUS.isDistinctFrom(
                                                INDIVIDUAL_PROCESSES.STATUS))))
                .repairedBy(Repairs.RUN_AGAIN)
                .repairedBy(Repairs.LEGACY_WINS)
                .repairedBy(Repairs.NEW_WINS);
    }

    /** The flag is read the way the application reads it. */
    static Check newStatusSystemIsOn() {
        return Check.blocking(
                "the new status system is on for every process",
                PROCESS,
                processes(Routines.newStatusSystem(INDIVIDUAL_PROCESSES.ID).isFalse()));
    }

    static SelectLimitStep<?> statuses() {
        return selectOne()
                .from(INDIVIDUAL_PROCESS_STATUSES)
                .where(INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID.eq(INDIVIDUAL_PROCESSES.ID));
    }

    private static Check legacy(String claim, Condition counterExample) {
        return Check.advisory(claim, PROCESS, processes(counterExample));
    }

    private static Select<?> processes(Condition which) {
        return processes(INDIVIDUAL_PROCESSES.STATUS, which);
    }

    private static Select<?> processes(Field<?> shown, Condition which) {
        return select(INDIVIDUAL_PROCESSES.ID, shown).from(INDIVIDUAL_PROCESSES).where(which);
    }

    private static Check status(String claim, Condition counterExample) {
        return Check.blocking(claim, STATUS, statuses(counterExample));
    }

    private static Select<?> statuses(Condition which) {
        return select(INDIVIDUAL_PROCESS_STATUSES.ID, INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID)
                .from(INDIVIDUAL_PROCESS_STATUSES)
                .where(which);
    }

    /** Changed by somebody who is not among the users. */
    private static Condition byStranger() {
        return INDIVIDUAL_PROCESS_STATUSES
                .CHANGED_BY
                .isNotNull()
                .and(notExists(selectOne().from(USERS).where(USERS.ID.eq(INDIVIDUAL_PROCESS_STATUSES.CHANGED_BY))));
    }

    private static Condition notNoted() {
        return notExists(selectOne()
                .from(DEPARTED_USERS)
                .where(DEPARTED_USERS.USER_ID.eq(INDIVIDUAL_PROCESS_STATUSES.CHANGED_BY)));
    }

    private static Select<?> newestNotActive() {
        return select(INDIVIDUAL_PROCESS_STATUSES.ID, INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID)
                .from(INDIVIDUAL_PROCESS_STATUSES)
                .where(INDIVIDUAL_PROCESS_STATUSES.IS_ACTIVE.isFalse())
                .and(notExists(selectOne()
                        .from(LATER)
                        .where(LATER.INDIVIDUAL_PROCESS_ID.eq(INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID))
                        .and(LATER.POSITION.gt(INDIVIDUAL_PROCESS_STATUSES.POSITION))));
    }

    private static Select<?> unguarded() {
        return select(inline(0L).as("id"), field(name("relname")))
                .from(table(name("pg_catalog", "pg_class")))
                .where("oid = {0}::regclass", inline("individual_process_status.individual_process_statuses"))
                .and("not relrowsecurity");
    }

    private static Select<?> open() {
        return select(inline(0L).as("id"), field("a.grantee::regrole::text").as("grantee"))
                .from(
                        "pg_catalog.pg_proc p cross join lateral pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) a")
                .where("p.oid = {0}::regprocedure", inline("individual_process_status.add_status(bigint, text, text)"))
                .and("a.grantee = 0");
    }
}
