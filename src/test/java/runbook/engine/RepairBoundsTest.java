package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESS_STATUSES;

import java.lang.reflect.Proxy;
import java.util.List;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.message.Phase;
import runbook.message.RepairReport;
import runbook.message.RepairRequest;
import runbook.spi.Comparison;
import runbook.spi.Migration;
import runbook.spi.Repair;

/** A repair changes what a failed check has reported and nothing else, and its own word for it proves nothing. */
@Timeout(120)
class RepairBoundsTest {

    private static final String STATUSES = "individual_process_status.individual_process_statuses";
    private static final String MATCHES = "the active status is the legacy status";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @BeforeEach
    void copied() throws Exception {
        ground = new Ground(postgres, 100).expanded().copied();
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void refuses_keys_that_the_check_has_not_reported() {
        Ground.passes(ground.validated());
        ground.behindTheMirrors(
                "update " + STATUSES + " set status_name = 'wrong' where individual_process_id between 1 and 3");

        RepairReport unreported = ground.repair(MATCHES, "legacy wins", false, "once");
        assertThat(unreported.refused())
                .isEqualTo("individual_process_status: repair \"legacy wins\" of check \"" + MATCHES
                        + "\": found no key"
                        + " that the check has reported and that is not repaired yet, expected at least one. Nothing was"
                        + " changed. See what was reported: ./runbook report individual_process_status --target "
                        + postgres.target() + " --reveal. What has come since is reported by the next validation: send"
                        + " 'retry', then 'repair'.");
        ground.again();
        ground.validated();
        ground.behindTheMirrors("update " + STATUSES + " set status_name = 'wrong' where individual_process_id = 4");
        RepairReport reported = ground.repair(MATCHES, "legacy wins", false, "another");

        assertThat(reported.rows()).isEqualTo(3);
        assertThat(ground.number("select count(*) from " + STATUSES + " where status_name = 'wrong'"))
                .isOne();
    }

    @Test
    void refuses_a_repair_that_is_not_bounded_to_reported_keys() {
        ground.behindTheMirrors("update " + STATUSES + " set status_name = 'wrong' where individual_process_id = 1");
        ground.validated();

        RepairReport report = Repairs.repair(
                ground.target,
                new RepairRequest(ground.at(Phase.VALIDATION), MATCHES, "all of them", false, "dana", "once"),
                repairedBy(Repair.named("all of them", "legacy", keys -> DSL.update(INDIVIDUAL_PROCESS_STATUSES)
                        .set(INDIVIDUAL_PROCESS_STATUSES.NOTES, "seen"))),
                Pulse.NONE);

        assertThat(report.refused())
                .contains("found 100 rows that it changes whatever is reported", "Nothing was changed.", "'retry'");
        assertThat(ground.number("select count(*) from " + STATUSES + " where notes = 'seen'"))
                .isZero();
    }

    private Migration repairedBy(Repair repair) {
        List<Comparison> comparisons = ground.migration.comparisons().stream()
                .map(comparison -> comparison.repairedBy(repair))
                .toList();
        return (Migration) Proxy.newProxyInstance(
                Migration.class.getClassLoader(),
                new Class<?>[] {Migration.class},
                (self, method, arguments) -> method.getName().equals("comparisons")
                        ? comparisons
                        : method.invoke(ground.migration, arguments));
    }

    @Test
    void proves_nothing_until_a_later_look_is_clean() {
        ground.behindTheMirrors(
                "update " + STATUSES + " set status_name = 'wrong' where individual_process_id between 1 and 3");
        ground.validated();

        assertThat(ground.repair(MATCHES, "legacy wins", false, "once").rows()).isEqualTo(3);

        assertThat(blocking()).anySatisfy(reason -> assertThat(reason).contains("\"" + MATCHES + "\" is failed"));
        ground.again();
        Ground.passes(ground.validated());
        assertThat(blocking()).isEmpty();
    }

    private List<String> blocking() {
        return Decisions.gather(ground.target, ground.at(Phase.VALIDATION), ground.migration, "cutover", "salt")
                .blocking();
    }
}
