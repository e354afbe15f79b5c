package runbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.engine.Json;

/** No Temporal runs here: what people decide on comes from the database. */
class EvidenceCommandTest {

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Said evidence(String... more) {
        String[] arguments = new String[3 + more.length];
        arguments[0] = "evidence";
        arguments[1] = "--target";
        arguments[2] = postgres.target();
        System.arraycopy(more, 0, arguments, 3, more.length);
        return Said.by(arguments);
    }

    private void execute(String sql) throws Exception {
        Legacy.execute(postgres, Role.RUNBOOK, sql);
    }

    @Test
    void tells_what_the_waiting_gate_is_decided_on_and_what_of_it_is_hashed() throws Exception {
        Planted.plant(postgres);
        execute("insert into runbook.standing (run, epoch, number, state) values (1, 1, 1, 'waiting: cutover')");

        String said = evidence(Legacy.NAME).out();

        assertThat(said)
                .contains("run 1, waiting: cutover", "gate cutover waits", "1 checks passed, 0 failed")
                .containsSubsequence(
                        "Decision: hashed.",
                        "\"checks\"",
                        "\"gate\" : \"cutover\"",
                        "\"run\"",
                        "Readings: shown, not hashed.",
                        "\"seconds since the newest validation\"",
                        "SHA-256 of the decision as canonical JSON (RFC 8785): ",
                        "How to approve: temporal workflow metadata -w ")
                .doesNotContain("planted-key", "planted-status");
    }

    @Test
    void the_canonical_decision_has_the_hash_that_is_told() throws Exception {
        Planted.plant(postgres);

        String decision = evidence("1", "--canonical").out();
        JsonNode facts = new ObjectMapper().readTree(evidence("1", "--json").out());

        assertThat(facts.get("evidence").asText()).isEqualTo(Json.sha256(decision));
        assertThat(facts.get("decision")).isEqualTo(new ObjectMapper().readTree(decision));
        assertThat(facts.get("gate").asText()).isEqualTo("cutover");
        assertThat(facts.get("waits").asBoolean()).isFalse();
        assertThat(facts.get("readings").get("measures before")).isNotNull();
        assertThat(facts.get("approvals")).isEmpty();
    }

    @Test
    void what_blocks_and_who_has_approved_these_facts_is_told() throws Exception {
        Planted.plant(postgres);
        String hash = Json.sha256(evidence("1", "--canonical").out());
        execute("update runbook.approval set evidence = '" + hash + "' where gate = 'cutover'");
        execute("update runbook.phase set ended_at = ended_at - interval '30 h' where phase = 'validation'");

        assertThat(evidence("1").out())
                .contains("gate cutover is not open; this is what it would be decided on now")
                .contains(" Approved by eve.")
                .contains("  not now: the newest validation is 30 h old, 24 h are allowed; send the signal 'retry'");
    }

    @Test
    void where_no_gate_waits_and_none_is_next_it_says_where_the_run_stands() throws Exception {
        Planted.plant(postgres);
        execute("update runbook.phase set verdict = null where phase = 'validation'");
        execute("insert into runbook.standing (run, epoch, number, state) values (1, 1, 1, 'validation')");

        Said said = evidence("1");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err())
                .contains(Legacy.NAME + ": run 1 on target '" + postgres.target()
                        + "' stands at 'validation': no gate waits, and none is next. Look: ./runbook status --target "
                        + postgres.target());
    }

    @Test
    void a_run_that_is_over_has_a_report() throws Exception {
        Planted.plant(postgres);
        execute("update runbook.migration_run set state = 'aborted', ended_at = clock_timestamp()");

        Said said = evidence("1");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err())
                .contains("run 1 on target '" + postgres.target() + "' is over, it was aborted. No gate waits.")
                .contains("./runbook report 1 --target ");
    }

    @Test
    void an_unknown_run_is_told_with_those_there_are() throws Exception {
        Planted.plant(postgres);

        assertThat(evidence("7").err()).contains("knows no run '7'; it knows: 1 (" + Legacy.NAME);
    }
}
