package runbook.engine.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.engine.Pulse;
import runbook.engine.RunbookException;
import runbook.engine.Target;
import runbook.engine.Targets;
import runbook.engine.selftest.Finding.Fate;

/** Every corruption on columns of the types it is for, most of which no bundled migration has. */
class SelftestTest {

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private final Targets targets = new Targets();
    private Target target;

    @BeforeEach
    void a_source() {
        target = targets.named(postgres.target());
        TypesMigration.TABLES.forEach(target.dsl()::execute);
    }

    @AfterEach
    void close() {
        targets.close();
    }

    @Test
    void what_differs_is_caught_and_what_is_equal_is_not() {
        List<Finding> findings = Selftest.run(target, new TypesMigration(false), Pulse.NONE);

        assertThat(findings)
                .allSatisfy(finding -> assertThat(finding.fate().good()).isTrue());
        assertThat(of(findings, Fate.EQUAL_RIGHTLY_NOT_CAUGHT))
                .containsExactlyInAnyOrder(
                        "a trailing blank: copy.padded",
                        "jsonb keys in another order: copy.document",
                        "0.0 becomes -0.0: copy.real",
                        "1.0 becomes 1.00: copy.exact");
        assertThat(of(findings, Fate.CAUGHT))
                .contains(
                        "a flipped byte: copy.words",
                        "a flipped byte: copy.padded",
                        "a flipped byte: copy.real",
                        "a flipped byte: copy.exact",
                        "a flipped byte: copy.document",
                        "a flipped byte: copy.at",
                        "a flipped byte: copy.whole",
                        "a flipped byte: copy.flag",
                        "a flipped byte: copy.bytes",
                        "a flipped byte: copy.guid",
                        "a flipped byte: copy.day",
                        "NULL becomes '': copy.words",
                        "'' becomes NULL: copy.words",
                        "cut precision: copy.at",
                        "cut precision: copy.exact",
                        "cut precision: copy.real",
                        "a shifted time zone: copy.at",
                        "a trailing blank: copy.words",
                        "other case: copy.words",
                        "other case: copy.padded",
                        "NaN: copy.real",
                        "NaN: copy.exact",
                        "a lost value: copy.document",
                        "swapped values of two rows: copy.words",
                        "a dropped row: copy");
        assertThat(of(findings, Fate.REFUSED_BY_THE_DATABASE))
                .contains("a row twice: copy", "a lost value: copy.id", "a foreign write: copy");
        assertThat(of(findings, Fate.NOT_APPLICABLE)).contains("any: claims");
        assertThat(target.dsl().fetch("table kinds.source except all table kinds.copy"))
                .isEmpty();
    }

    @Test
    void a_check_that_minds_what_is_equal_is_told() {
        List<Finding> findings = Selftest.run(target, new TypesMigration(true), Pulse.NONE);

        assertThat(of(findings, Fate.CAUGHT_THOUGH_EQUAL)).containsExactly("0.0 becomes -0.0: copy.real");
        assertThat(of(findings, Fate.NOT_CAUGHT)).isEmpty();
    }

    @Test
    void plants_nothing_where_the_sample_itself_does_not_pass() {
        target.dsl().execute("insert into kinds.copy (id, words) values (2, 'was here before')");
        target.dsl().execute("insert into kinds.claims values (2, 'mirror')");

        assertThatThrownBy(() -> Selftest.run(target, new TypesMigration(false), Pulse.NONE))
                .isInstanceOf(RunbookException.class)
                .hasMessageContaining(
                        "\"a row is the same in both\" (1), expected nothing. No corruption was planted.");
    }

    @Test
    void a_right_that_is_missing_is_no_refusal_of_a_value() {
        target.dsl()
                .execute("create function kinds.deny() returns trigger language plpgsql as"
                        + " $$ begin raise insufficient_privilege; end $$");
        target.dsl().execute("create trigger deny before update on kinds.copy execute function kinds.deny()");

        assertThatThrownBy(() -> Selftest.run(target, new TypesMigration(false), Pulse.NONE))
                .isInstanceOf(RunbookException.class)
                .hasMessageContaining("\"kinds\".\"copy\": role runbook may not write there")
                .hasMessageContaining("SQLSTATE 42501")
                .hasMessageContaining("GRANT SELECT, INSERT, UPDATE, DELETE ON \"kinds\".\"copy\" TO runbook");
    }

    private static List<String> of(List<Finding> findings, Fate fate) {
        return findings.stream()
                .filter(finding -> finding.fate() == fate)
                .map(finding -> finding.corruption() + ": " + finding.where())
                .toList();
    }
}
