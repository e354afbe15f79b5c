package runbook.engine;

import static org.jooq.impl.SQLDataType.BIGINT;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.spi.Insert;

/** Rows with the keys 1 to so many, and the copy of them; each test gets its own of both. */
abstract class OneCopy {

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    CopyRig rig;
    Insert insert;

    private final int rows;

    OneCopy(int rows) {
        this.rows = rows;
    }

    @BeforeEach
    void fill() {
        rig = new CopyRig(postgres);
        insert = rig.tables(
                List.of(BIGINT), List.of("bigint"), "select n, 'v' || n from generate_series(1, %d) n".formatted(rows));
    }

    @AfterEach
    void close() {
        rig.close();
    }
}
