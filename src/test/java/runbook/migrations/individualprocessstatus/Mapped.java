package runbook.migrations.individualprocessstatus;

import static org.jooq.impl.DSL.select;
import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESSES;
import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESS_STATUSES;
import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESS_STATUS_CLAIMS;
import static runbook.generated.individualprocessstatus.Tables.USERS;

import java.time.OffsetDateTime;
import java.util.List;
import org.jooq.Record4;
import runbook.generated.individualprocessstatus.tables.records.IndividualProcessStatusesRecord;
import runbook.spi.Backfill;
import runbook.spi.Key;
import runbook.spi.RowMap;

/** The same backfill with its rows made in Java: read, claimed and written by a statement each. */
final class Mapped {

    static final Backfill BACKFILL = RowMap.per(IndividualProcessStatus.PROCESS, "statuses")
            .from(range -> select(
                            INDIVIDUAL_PROCESSES.ID,
                            INDIVIDUAL_PROCESSES.STATUS,
                            INDIVIDUAL_PROCESSES.CREATED_AT,
                            USERS.ID)
                    .from(INDIVIDUAL_PROCESSES)
                    .leftJoin(USERS)
                    .on(USERS.ID.eq(INDIVIDUAL_PROCESSES.CREATED_BY))
                    .where(range))
            .into(INDIVIDUAL_PROCESS_STATUSES, "1", Mapped::status)
            .claiming(
                    Key.of(INDIVIDUAL_PROCESS_STATUS_CLAIMS.INDIVIDUAL_PROCESS_ID),
                    INDIVIDUAL_PROCESS_STATUS_CLAIMS.CLAIMED_BY);

    private Mapped() {}

    private static List<IndividualProcessStatusesRecord> status(Record4<Long, String, OffsetDateTime, Long> process) {
        IndividualProcessStatusesRecord status = new IndividualProcessStatusesRecord();
        status.setIndividualProcessId(process.value1());
        status.setStatusName(process.value2());
        status.setChangedAt(process.value3());
        status.setChangedBy(process.value4());
        status.setIsActive(true);
        status.setNotes("Migrated from legacy status field");
        return List.of(status);
    }
}
