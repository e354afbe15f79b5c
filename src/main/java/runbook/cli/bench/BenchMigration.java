package runbook.cli.bench;

import static org.jooq.impl.DSL.concat;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;
import static runbook.generated.bench.Tables.ACCOUNTS;
import static runbook.generated.bench.Tables.ACCOUNT_CLAIMS;
import static runbook.generated.bench.Tables.ACCOUNT_STATUSES;
import static runbook.generated.bench.Tables.PEOPLE;

import java.util.List;
import java.util.Map;
import org.jooq.Table;
import runbook.generated.bench.tables.records.AccountStatusesRecord;
import runbook.spi.Backfill;
import runbook.spi.CopyOnly;
import runbook.spi.Insert;
import runbook.spi.Key;
import runbook.spi.RowMap;
import runbook.spi.Update;

/** A migration that only copies, by one backfill; named {@code bench}, it also gets the constraints of that folder. */
record BenchMigration(String name, Backfill backfill) implements CopyOnly {

    private static final Key ACCOUNT = Key.of(ACCOUNTS.ID);

    /** Each account's status becomes a row of the history. */
    static BenchMigration insert() {
        return new BenchMigration(
                "bench",
                Insert.per(ACCOUNT, "statuses")
                        .from(range -> select(
                                        ACCOUNTS.ID,
                                        ACCOUNTS.ID,
                                        ACCOUNTS.STATUS,
                                        inline(true),
                                        ACCOUNTS.CREATED_BY,
                                        ACCOUNTS.CREATED_AT)
                                .from(ACCOUNTS)
                                .where(range))
                        .into(
                                ACCOUNT_STATUSES.ACCOUNT_ID,
                                ACCOUNT_STATUSES.STATUS,
                                ACCOUNT_STATUSES.IS_ACTIVE,
                                ACCOUNT_STATUSES.CHANGED_BY,
                                ACCOUNT_STATUSES.CHANGED_AT)
                        .claiming(Key.of(ACCOUNT_CLAIMS.ACCOUNT_ID), ACCOUNT_CLAIMS.CLAIMED_BY));
    }

    /** The same rows, made in Java. */
    static BenchMigration map() {
        return new BenchMigration(
                "bench",
                RowMap.per(ACCOUNT, "statuses")
                        .from(range -> select(ACCOUNTS.ID, ACCOUNTS.STATUS, ACCOUNTS.CREATED_BY, ACCOUNTS.CREATED_AT)
                                .from(ACCOUNTS)
                                .where(range))
                        .into(ACCOUNT_STATUSES, "1", account -> {
                            AccountStatusesRecord status = new AccountStatusesRecord();
                            status.setAccountId(account.value1());
                            status.setStatus(account.value2());
                            status.setIsActive(true);
                            status.setChangedBy(account.value3());
                            status.setChangedAt(account.value4());
                            return List.of(status);
                        })
                        .claiming(Key.of(ACCOUNT_CLAIMS.ACCOUNT_ID), ACCOUNT_CLAIMS.CLAIMED_BY));
    }

    /** A new column of the accounts, filled in place. */
    static BenchMigration update() {
        return new BenchMigration(
                "bench",
                Update.of(
                        ACCOUNT,
                        "standing",
                        ACCOUNTS.STANDING.isNull(),
                        Map.of(ACCOUNTS.STANDING, concat(inline("is "), ACCOUNTS.STATUS))));
    }

    @Override
    public String summary() {
        return "Copies, and nothing else";
    }

    @Override
    public List<Table<?>> tables() {
        return List.of(ACCOUNTS, PEOPLE);
    }

    @Override
    public List<Table<?>> created() {
        return List.of(ACCOUNT_STATUSES, ACCOUNT_CLAIMS);
    }

    @Override
    public List<Backfill> backfills() {
        return List.of(backfill);
    }
}
