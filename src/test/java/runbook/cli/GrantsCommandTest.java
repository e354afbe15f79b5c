package runbook.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.engine.Catalog;
import runbook.engine.Expansion;
import runbook.engine.Owners;
import runbook.engine.Plan;
import runbook.engine.Preflight;
import runbook.engine.Pulse;
import runbook.engine.Runs;
import runbook.engine.Scripts;
import runbook.engine.Stages;
import runbook.engine.Target;
import runbook.engine.Targets;
import runbook.engine.Validation;
import runbook.message.Admit;
import runbook.message.Phase;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.Start;
import runbook.message.StartInput;
import runbook.message.Verdict;
import runbook.migrations.Bundled;
import runbook.spi.Migration;

/** A database whose tables belong to a role of the application's, and a migrator that has no right at all. */
class GrantsCommandTest {

    private static final String FILE = "org.postgresql.pgservicefile";
    private static final String PASSWORDS = "org.postgresql.pgpassfile";
    private static final String MIGRATOR = "shop-migrator";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    @TempDir
    Path folder;

    private final Migration migration = new Catalog(Bundled.migrations()).named(Legacy.NAME);
    private String serviceFile = "";
    private String passFile = "";

    @BeforeEach
    void tables_of_somebody_else() throws Exception {
        superuser("alter database " + postgres.database().name() + " owner to postgres");
        superuser("create role shop_owner; create role \"shop-migrator\" login password 'x'");
        superuser("revoke connect on database " + postgres.database().name() + " from public");
        try (InputStream script = getClass().getResourceAsStream("/db/" + Legacy.NAME + "/legacy/V1__legacy.sql")) {
            superuser(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
        for (String relation : List.of("individual_processes", "users", "individual_process_list")) {
            superuser("alter table " + Legacy.NAME + "." + relation + " owner to shop_owner");
        }
        superuser("grant usage on schema " + Legacy.NAME + " to shop_owner");
        useOwnServiceFile();
    }

    private void useOwnServiceFile() throws Exception {
        serviceFile = System.getProperty(FILE);
        passFile = System.getProperty(PASSWORDS);
        int port = postgres.server().port();
        System.setProperty(
                FILE,
                Files.writeString(
                                folder.resolve("services"),
                                "[shop]\nhost=127.0.0.1\nport=%d\ndbname=%s\nuser=%s\n"
                                        .formatted(port, postgres.database().name(), MIGRATOR))
                        .toString());
        System.setProperty(
                PASSWORDS,
                Files.writeString(folder.resolve("passwords"), "*:*:*:*:x\n").toString());
    }

    @AfterEach
    void give_everything_back() throws Exception {
        System.setProperty(FILE, serviceFile);
        System.setProperty(PASSWORDS, passFile);
        superuser("drop owned by \"shop-migrator\", shop_owner cascade; drop role \"shop-migrator\", shop_owner");
    }

    @Test
    void after_the_script_nothing_is_missing_and_the_schema_and_the_cutover_can_run() throws Exception {
        String script = script();

        superuser(script);
        superuser(script);

        try (Targets targets = new Targets()) {
            Target target = targets.named("shop");
            assertThat(Preflight.problems(target, migration)).isEmpty();
            expandAndFlip(target);
        }
    }

    @Test
    void without_it_the_migrator_may_not_even_connect() {
        Said said = Said.by("status", "--target", "shop");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("target 'shop' cannot be used");
    }

    @Test
    void a_table_of_a_superuser_is_refused_since_a_member_of_it_could_do_anything() throws Exception {
        superuser("alter table " + Legacy.NAME + ".users owner to postgres");
        String script = script();

        assertThatThrownBy(() -> superuser(script)).hasMessageContaining("users\" belongs to superuser postgres");
    }

    @Test
    void another_database_is_refused() throws Exception {
        superuser("drop schema " + Legacy.NAME + " cascade");
        String script = script();

        assertThatThrownBy(() -> superuser(script)).hasMessageContaining("is not there: is ");
    }

    @Test
    void says_of_every_role_what_it_gets() {
        assertThat(Said.by("grants", Legacy.NAME).out())
                .containsSubsequence("1. Role runbook:", "2. Role app: nothing new.", "3. Role approver: nothing.");
    }

    private static String script() {
        Said said = Said.by("grants", Legacy.NAME, "--role", MIGRATOR);
        assertThat(said.code()).isZero();
        return said.out();
    }

    private void expandAndFlip(Target target) {
        Start start = StartInput.of(Map.of("migration", migration.name(), "target", "shop"))
                .start();
        Scripts.install(target);
        Run run = Runs.own(target, new Admit(start, List.of(), "w", "r"), Plan.definition(migration), Owners.nobody())
                .run();
        assertThat(Expansion.expand(target, new PhaseRequest(run, start, Phase.SCHEMA, 1), migration, Pulse.NONE)
                        .verdict())
                .isEqualTo(Verdict.PASSED);
        Validation.validate(target, new PhaseRequest(run, start, Phase.VALIDATION, 1), migration, Pulse.NONE);
        PhaseRequest cutover = new PhaseRequest(run, start, Phase.CUTOVER, 1);
        migration.cutover().forEach(stage -> assertThat(Stages.flip(target, cutover, migration, stage, Pulse.NONE)
                        .verdict())
                .isEqualTo(Verdict.PASSED));
    }

    private void superuser(String sql) throws SQLException {
        Legacy.execute(postgres, Role.SUPERUSER, sql);
    }
}
