package runbook.migrations.individualprocessstatus;

import static org.jooq.impl.DSL.array;
import static org.jooq.impl.DSL.arrayRemove;
import static org.jooq.impl.DSL.castNull;
import static org.jooq.impl.DSL.concat;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectCount;
import static org.jooq.impl.DSL.when;
import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESSES;
import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESS_STATUSES;
import static runbook.migrations.individualprocessstatus.IndividualProcessStatus.ACTIVE;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Select;
import org.jooq.impl.SQLDataType;

/** The seed's {@code verifyMigration}: nine fields for one process, under its own names. */
final class Verification {

    private Verification() {}

    static Select<?> record(Condition one) {
        Field<Integer> total = field(selectCount()
                .from(INDIVIDUAL_PROCESS_STATUSES)
                .where(INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID.eq(INDIVIDUAL_PROCESSES.ID)));
        Field<Integer> active = field(selectCount()
                .from(INDIVIDUAL_PROCESS_STATUSES)
                .where(INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID.eq(INDIVIDUAL_PROCESSES.ID))
                .and(INDIVIDUAL_PROCESS_STATUSES.IS_ACTIVE));
        Condition matches =
                ACTIVE.ID.isNotNull().and(ACTIVE.STATUS_NAME.isNotDistinctFrom(INDIVIDUAL_PROCESSES.STATUS));
        return select(
                        INDIVIDUAL_PROCESSES.ID.as("processId"),
                        field(total.gt(0)).as("migrationComplete"),
                        field(active.eq(1)).as("singleActiveStatus"),
                        field(matches).as("statusMatches"),
                        total.as("totalStatusRecords"),
                        active.as("activeStatusCount"),
                        INDIVIDUAL_PROCESSES.STATUS.as("legacyStatus"),
                        ACTIVE.STATUS_NAME.as("currentActiveStatus"),
                        issues(total, active, matches).as("issues"))
                .from(INDIVIDUAL_PROCESSES)
                .leftJoin(ACTIVE)
                .on(ACTIVE.INDIVIDUAL_PROCESS_ID.eq(INDIVIDUAL_PROCESSES.ID), ACTIVE.IS_ACTIVE.isTrue())
                .where(one)
                .limit(1);
    }

    private static Field<String[]> issues(Field<Integer> total, Field<Integer> active, Condition matches) {
        return arrayRemove(
                array(
                        when(total.eq(0), inline("No status records found")),
                        when(active.ne(1), concat(inline("Multiple active statuses: "), active.cast(String.class))),
                        when(matches.not(), inline("Legacy and current status don't match"))),
                castNull(SQLDataType.VARCHAR));
    }
}
