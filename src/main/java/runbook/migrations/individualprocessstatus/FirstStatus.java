package runbook.migrations.individualprocessstatus;

import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.update;
import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESSES;
import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESS_STATUSES;
import static runbook.generated.individualprocessstatus.Tables.USERS;

import org.jooq.Condition;
import org.jooq.Field;
import runbook.generated.individualprocessstatus.tables.IndividualProcessStatuses;
import runbook.spi.Check;
import runbook.spi.Key;
import runbook.spi.Repair;

/**
 * What the copy writes beside the status itself: note, user and time. Later rows have nothing in the old shape that they
 * could be held against; the copied one is known by a time of change that is not the time at which it was written.
 */
final class FirstStatus {

    private static final String NOTE = "Migrated from legacy status field";
    private static final IndividualProcessStatuses EARLIER = INDIVIDUAL_PROCESS_STATUSES.as("earlier");

    /** The legacy row is believed. */
    static final Repair AS_THE_LEGACY_ROW =
            Repair.named("as the legacy row says", "legacy", statuses -> update(INDIVIDUAL_PROCESS_STATUSES)
                    .set(INDIVIDUAL_PROCESS_STATUSES.NOTES, NOTE)
                    .set(INDIVIDUAL_PROCESS_STATUSES.CHANGED_BY, creator())
                    .set(INDIVIDUAL_PROCESS_STATUSES.CHANGED_AT, INDIVIDUAL_PROCESSES.CREATED_AT)
                    .from(INDIVIDUAL_PROCESSES)
                    .where(INDIVIDUAL_PROCESSES.ID.eq(INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID))
                    .and(statuses)
                    .and(first())
                    .and(copied()));

    private FirstStatus() {}

    static Check tellsOfTheCreation() {
        return Check.blocking(
                        "a copied status is the first of its process and tells of its creation",
                        Key.of(INDIVIDUAL_PROCESS_STATUSES.ID),
                        select(INDIVIDUAL_PROCESS_STATUSES.ID, INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID)
                                .from(INDIVIDUAL_PROCESS_STATUSES)
                                .join(INDIVIDUAL_PROCESSES)
                                .on(INDIVIDUAL_PROCESSES.ID.eq(INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID))
                                .leftJoin(USERS)
                                .on(USERS.ID.eq(INDIVIDUAL_PROCESSES.CREATED_BY))
                                .where(first().and(copied())
                                        .and(otherThanTheLegacyRow())
                                        .or(INDIVIDUAL_PROCESS_STATUSES
                                                .NOTES
                                                .eq(NOTE)
                                                .andNot(first()))))
                .repairedBy(AS_THE_LEGACY_ROW);
    }

    private static Condition first() {
        return notExists(selectOne()
                .from(EARLIER)
                .where(EARLIER.INDIVIDUAL_PROCESS_ID.eq(INDIVIDUAL_PROCESS_STATUSES.INDIVIDUAL_PROCESS_ID))
                .and(EARLIER.POSITION.lt(INDIVIDUAL_PROCESS_STATUSES.POSITION)));
    }

    private static Condition copied() {
        return INDIVIDUAL_PROCESS_STATUSES.CHANGED_AT.ne(INDIVIDUAL_PROCESS_STATUSES.CREATED_AT);
    }

    /** Nobody is right where the creator was gone before the copy, or has left since and was taken out. */
    private static Condition otherThanTheLegacyRow() {
        return INDIVIDUAL_PROCESS_STATUSES
                .NOTES
                .isDistinctFrom(NOTE)
                .or(INDIVIDUAL_PROCESS_STATUSES.CHANGED_AT.ne(INDIVIDUAL_PROCESSES.CREATED_AT))
                .or(INDIVIDUAL_PROCESS_STATUSES
                        .CHANGED_BY
                        .isDistinctFrom(INDIVIDUAL_PROCESSES.CREATED_BY)
                        .and(INDIVIDUAL_PROCESS_STATUSES.CHANGED_BY.isNotNull().or(USERS.ID.isNotNull())));
    }

    private static Field<Long> creator() {
        return select(USERS.ID)
                .from(USERS)
                .where(USERS.ID.eq(INDIVIDUAL_PROCESSES.CREATED_BY))
                .asField();
    }
}
