package runbook.engine;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;

/** Both shapes of some units, and a run that compares them; each test gets its own of both. */
abstract class OneComparison {

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    ComparisonRig rig;

    private final Map<String, Object> input;

    OneComparison() {
        this(Map.of());
    }

    /** @param input more fields of the input */
    OneComparison(Map<String, Object> input) {
        this.input = input;
    }

    @BeforeEach
    void open() {
        rig = new ComparisonRig(postgres, input);
    }

    @AfterEach
    void close() {
        rig.close();
    }
}
