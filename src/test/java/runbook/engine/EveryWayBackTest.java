package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import runbook.Eventually;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.message.Phase;
import runbook.migrations.Bundled;
import runbook.sample.ApplicationWriter;
import runbook.sample.Change;
import runbook.sample.OldShape;
import runbook.sample.Oracle;
import runbook.sample.Samples;
import runbook.sample.WriterSettings;
import runbook.spi.Migration;
import runbook.spi.Stage;

/**
 * The way back from every phase and every stage, while the application writes: plain SQL and the writer's log find the old
 * shape whole, later writes included, and the next run gets to its end.
 */
class EveryWayBackTest {

    private static final Migration MIGRATION = new Catalog(Bundled.migrations()).named("individual_process_status");

    /** A few more than one batch takes. */
    private static final long ROWS = 1_200;

    private static final int LATER = 20;

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    @TempDir
    Path backups;

    private Ground ground;

    @BeforeEach
    void legacy() throws Exception {
        ground = new Ground(postgres, ROWS, Map.of("backups", backups.toString()));
    }

    @AfterEach
    void close() {
        ground.close();
    }

    /** What a run does, in order, up to the point where nobody can go back any more. */
    private static Map<String, Consumer<Ground>> way() {
        Map<String, Consumer<Ground>> way = new LinkedHashMap<>();
        way.put(
                "assessment",
                ground -> Ground.passes(
                        Assessment.assess(ground.target, ground.at(Phase.ASSESSMENT), ground.migration, Pulse.NONE)));
        way.put("backup", EveryWayBackTest::backedUp);
        way.put("schema", Ground::expanded);
        way.put("half of the backfill", EveryWayBackTest::halfCopied);
        way.put("backfill", Ground::copied);
        way.put("validation", ground -> Ground.passes(ground.validated()));
        for (Stage stage : MIGRATION.cutover()) {
            way.put("switch of stage '" + stage.name() + "'", ground -> switched(ground, stage));
            way.put("stage '" + stage.name() + "'", ground -> Ground.passes(ground.checked(stage)));
        }
        for (Stage stage : MIGRATION.cutover()) {
            way.put("stage '" + stage.name() + "' back", ground -> back(ground, stage));
        }
        way.put("soak", EveryWayBackTest::soaked);
        return way;
    }

    static List<String> places() {
        return List.copyOf(way().keySet());
    }

    @ParameterizedTest
    @MethodSource("places")
    @Timeout(60)
    void leaves_the_old_shape_whole_and_the_next_run_gets_to_its_end(String place) throws Exception {
        OldShape before = shape();
        try (ApplicationWriter application = application()) {
            goTo(place);
            writes(application);
            ground.begunAnew("second");
            writes(application);
            application.pause();

            List<Change> changes = application.changes();
            assertThat(shape().differences(before, changes)).isEmpty();
            assertThat(judged(owner -> Oracle.checkLegacy(owner, changes))).isEmpty();
            assertThat(application.applicationErrors()).isEmpty();
            application.resume();
        }

        ground.expanded().copied();
        Ground.passes(ground.validated());
        ground.cutOver().completed();
        assertThat(judged(owner -> Oracle.check(owner, List.of()))).isEmpty();
    }

    private void goTo(String place) {
        for (Map.Entry<String, Consumer<Ground>> next : way().entrySet()) {
            next.getValue().accept(ground);
            if (next.getKey().equals(place)) {
                return;
            }
        }
    }

    private static void backedUp(Ground ground) {
        Ground.passes(Backups.take(ground.target, ground.at(Phase.BACKUP), ground.migration, Pulse.NONE));
        Ground.passes(Backups.drill(ground.target, ground.at(Phase.BACKUP), Pulse.NONE));
    }

    /** As a worker leaves it that is killed after its first batch. */
    private static void halfCopied(Ground ground) {
        Backfills.open(ground.target, ground.at(Phase.BACKFILL), ground.migration);
        Pulse killed = detail -> {
            if (ground.number("select coalesce(sum(copied), 0) from runbook.range") > 0) {
                throw new CancellationException();
            }
        };
        Copier copier = new Copier(
                ground.target,
                ground.at(Phase.BACKFILL),
                ground.migration.backfills().get(0),
                killed);
        assertThatThrownBy(() -> copier.copy(0, "killed")).isInstanceOf(CancellationException.class);
    }

    private static void switched(Ground ground, Stage stage) {
        Ground.passes(ground.flipped(stage));
    }

    private static void back(Ground ground, Stage stage) {
        MIGRATION.cutover().forEach(all -> switched(ground, all));
        Ground.passes(ground.steppedBack(stage));
    }

    private static void soaked(Ground ground) {
        MIGRATION.cutover().forEach(stage -> switched(ground, stage));
        ground.again();
        Ground.passes(ground.validated());
    }

    private ApplicationWriter application() throws Exception {
        return Samples.named(MIGRATION.name())
                .writer(WriterSettings.on(() -> postgres.database().connect(Role.APP))
                        .swift());
    }

    private static void writes(ApplicationWriter application) throws Exception {
        long mark = application.counts().changes();
        Eventually.holds(
                "the application has written",
                Duration.ofSeconds(20),
                () -> application.counts().changes() > mark + LATER);
    }

    private OldShape shape() throws Exception {
        try (Connection owner = postgres.database().connect(Role.RUNBOOK)) {
            return OldShape.of(owner);
        }
    }

    /** What plain SQL says. */
    @FunctionalInterface
    private interface Judgement {
        List<String> of(Connection owner) throws Exception;
    }

    private List<String> judged(Judgement judgement) throws Exception {
        try (Connection owner = postgres.database().connect(Role.RUNBOOK)) {
            return judgement.of(owner);
        }
    }
}
